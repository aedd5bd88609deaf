import { expect, test } from '@jest/globals';
import { chartOf, configMap } from '../../support/charts/hook-charts.ts';
import { kubectlFor, type Outcome } from '../../support/cluster/kubectl.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

// Whether a release can go back is known before it has to.

const WIDGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.back.example.com' },
  spec: {
    group: 'back.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
const WIDGET = `{{ if .Values.widget }}
apiVersion: back.example.com/v1
kind: Widget
metadata: {name: w}
{{ end }}
`;
const SECRET = `{{ if .Values.fixed }}
apiVersion: v1
kind: ConfigMap
metadata: {name: fixed}
immutable: true
data: {value: {{ .Values.fixed | quote }}}
{{ end }}
`;

const DATABASE = `{{ with .Values.database }}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 0
  serviceName: db
  selector: {matchLabels: {app: {{ . }}}}
  template: {metadata: {labels: {app: {{ . }}}}, spec: {containers: [{name: db, image: example.com/db}]}}
{{ end }}
`;
const POLICY = `{{ if .Values.policy }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed}
spec: {podSelector: {}}
{{ end }}
`;

const coxswain = story();

async function plugin(tenant: Tenant, ...args: readonly string[]): Promise<Outcome> {
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  return kubectl.attempt(['release', ...args, '-n', tenant.namespace]);
}

test('each version says whether it can still be rolled back to, a dry run shows the effect, and nothing changes', async () => {
  await coxswain.define(WIDGETS);
  const tenant = await coxswain.tenant({ rights: 'trusted' });
  const documents = [configMap('app', 'value'), WIDGET, SECRET];
  const chart = await coxswain.push(chartOf('back', documents, 'value: one\n'));
  const web = await tenant.apply('web', chart, { values: { fixed: 'a' }, recreate: 'Never' });
  await web.inForce(1);
  await web.patch({ values: { fixed: null, widget: true, value: 'two' } });
  await web.inForce(2);
  await web.patch({ values: { widget: null, value: 'three' } });
  await web.inForce(3);
  await tenant.kubectl('create', 'configmap', 'fixed');
  await tenant.kubectl('delete', 'crd', WIDGETS.metadata.name);
  const before = await web.get();

  const checked = await plugin(tenant, 'history', 'web', '--check');
  expect(checked.code).toBe(0);
  const [header = '', third = '', second = '', first = ''] = checked.stdout.split('\n');
  expect(header).toMatch(/ROLLBACK$/);
  expect(third).toMatch(/ in force$/);
  expect(second).toMatch(/Widget\/w: .*the cluster has no Widget in back\.example\.com\/v1/);
  expect(first).toMatch(/ConfigMap\/fixed: .*was not created by this Release/);

  const refused = await plugin(tenant, 'rollback', 'web', '1', '--dry-run');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('refused for 1 object\n') });
  expect(refused.stdout).toContain('refused\n  ConfigMap/fixed  AlreadyExists: ');
  await tenant.kubectl('delete', 'configmap', 'fixed');
  const possible = await plugin(tenant, 'rollback', 'web', '1', '--dry-run');
  expect(possible).toMatchObject({ code: 3, stderr: '' });
  expect(possible.stdout).toContain('+++ version 1  back-1.0.0  rollback\n+ ConfigMap/fixed\n~ ConfigMap/app\n');
  expect((await plugin(tenant, 'history', 'web', '--check')).stdout).toMatch(/ possible\n/);
  expect(await plugin(tenant, 'rollback', 'web', '3', '--dry-run')).toMatchObject({ code: 0 });
  expect(await plugin(tenant, 'rollback', 'web', '9', '--dry-run')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('version 9 is not recorded'),
  });
  expect(await plugin(tenant, 'history', 'web', '--check', '-o', 'json')).toMatchObject({ code: 2 });
  expect((await web.get()).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
});

test('an immutable field, an API version that is no longer served and missing rights are reported too', async () => {
  await coxswain.define(WIDGETS);
  const tenant = await coxswain.tenant({ rights: 'none' });
  const kinds = ['configmaps', 'secrets', 'pods', 'statefulsets.apps', 'widgets.back.example.com'];
  await tenant.grant('*', kinds.join(','));
  await tenant.kubectl('create', 'role', 'policies', '--verb=*', '--resource=networkpolicies.networking.k8s.io');
  await tenant.kubectl(
    'create',
    'rolebinding',
    'more',
    '--role=policies',
    `--serviceaccount=${tenant.namespace}:default`,
  );
  const documents = [configMap('app', 'value'), WIDGET, DATABASE, POLICY];
  const web = await tenant.apply('web', await coxswain.push(chartOf('barred', documents, 'value: one\n')), {
    values: { database: 'a' },
  });
  await web.inForce(1);
  const steps = [{ policy: true }, { widget: true }, { value: 'same' }, { database: 'b' }];
  const none = { database: null, policy: null, widget: null, value: null };
  for (const [index, values] of steps.entries()) {
    await web.patch({ values: { ...none, ...values } });
    await web.inForce(index + 2);
  }
  await tenant.kubectl('delete', 'rolebinding', 'more');
  const [v1] = WIDGETS.spec.versions;
  const versions = [
    { ...v1, served: false },
    { ...v1, name: 'v2', storage: false },
  ];
  await coxswain.define({ ...WIDGETS, spec: { ...WIDGETS.spec, versions } });

  const told = async (): Promise<string[]> =>
    (await plugin(tenant, 'history', 'web', '--check')).stdout.trim().split('\n').toReversed();
  const isKnown = (lines: string[]): boolean =>
    (lines[1]?.includes('may not') && lines[2]?.includes('Widget')) ?? false;
  const [first, second, third, fourth, fifth] = await eventually(told, isKnown);
  expect(first).toMatch(/StatefulSet\/db: .*spec\.selector cannot be changed/);
  expect(second).toMatch(/Forbidden: .*networkpolicies/);
  expect(third).toMatch(/the cluster has no Widget in back\.example\.com\/v1/);
  expect(fourth).toMatch(/ possible$/);
  expect(fifth).toMatch(/ in force$/);
});

test('rollback undoes an edit that never became a version', async () => {
  const tenant = await coxswain.tenant();
  const fails = '{{ if .Values.bad }}{{ fail "not like this" }}{{ end }}';
  const chart = await coxswain.push(chartOf('undone', [configMap('app', 'value'), fails], 'value: one\n'));
  const web = await tenant.apply('web', chart, { values: { list: { a: 1 } } });
  await web.inForce(1);
  await web.patch({
    values: { list: { a: null }, bad: true },
    valuesFrom: [{ kind: 'Secret', name: 'x', key: 'y', optional: true }],
  });
  await web.failed('TemplateFailed');
  expect(await plugin(tenant, 'rollback', 'web', '--wait')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('set to version 1'),
  });
  const { spec } = await web.inForce(1);
  expect(spec.values).toEqual({ list: { a: 1 } });
  expect(spec).not.toHaveProperty('valuesFrom');
  expect(await web.histories()).toHaveLength(1);
});

test('rollback works despite an edit of the content just before, or in the same edit as spec.version', async () => {
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(chartOf('quick', [configMap('app', 'value')], 'value: one\n'));
  const web = await tenant.apply('web', chart, { values: { value: 'a' } });
  await web.inForce(1);
  await web.patch({ values: { value: 'b' } });
  await web.inForce(2);
  // Nobody sees the edits one by one.
  await coxswain.controller.stop();
  await web.patch({ values: { value: 'c' } });
  expect(await plugin(tenant, 'rollback', 'web', '1')).toMatchObject({ code: 0 });
  await coxswain.restart();
  expect((await web.inForce(1)).spec.values).toEqual({ value: 'a' });
  await web.patch({ version: 2, values: { value: 'd' } });
  await web.failed('VersionConflict');
  expect(await plugin(tenant, 'rollback', 'web', '2', '--wait')).toMatchObject({ code: 0 });
  expect((await web.inForce(2)).spec.values).toEqual({ value: 'b' });
  expect(await web.histories()).toHaveLength(2);
});
