import { beforeAll, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { ensureBinaries } from '../../../control-plane/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { run } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

const coxswain = story();

const TEMPLATES = {
  'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {value: {{ .Values.value | quote }}}\n',
  'hook.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: hook, annotations: {helm.sh/hook: "pre-install,pre-upgrade"}}
data: {value: {{ .Values.value | quote }}}
`,
};
const PARTS = { name: 'beside', values: 'value: "1"\n', templates: TEMPLATES };

let programs: Readonly<Record<'v3' | 'v4', string>>;
let chart: string;

beforeAll(async () => {
  const { helm, helm4 } = await ensureBinaries(['helm', 'helm4']);
  programs = { v3: helm, v4: helm4 };
  chart = await coxswain.file('beside-1.0.0.tgz', buildChart(PARTS));
}, 600_000);

type Outcome = { readonly code: number; readonly told: string };

async function helm({ namespace }: Tenant, helmVersion: 'v3' | 'v4', ...args: string[]): Promise<Outcome> {
  const env = { KUBECONFIG: coxswain.controlPlane.kubeconfig };
  const { code, stdout, stderr } = await run(programs[helmVersion], [...args, '--namespace', namespace], { env });
  return { code, told: stdout + stderr };
}

/** Who manages which entries of a ConfigMap's data, and how. */
async function managers({ kubectl }: Tenant, name = 'app'): Promise<string[]> {
  const { metadata } = await kubectl.json<KubeObject>('get', 'configmap', name, '--show-managed-fields');
  return (metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => {
    const keys = Object.keys(fieldsV1?.['f:data'] ?? {}).filter((key) => key !== '.');
    return `${manager} ${operation} ${keys.join()}`.trim();
  });
}

async function edit({ kubectl }: Tenant): Promise<void> {
  await kubectl('patch', 'configmap', 'app', '--patch={"data":{"value":"x"}}', '--field-manager=editor');
}

const set = (value: string): string[] => ['--set-string', `value=${value}`];
const DONE = expect.objectContaining({ code: 0 });
const APPLIED = ['helm Apply f:value'];
const UPDATED = ['helm Update f:value'];

describe('a Helm 4 release', () => {
  test('is applied by the server under the field manager helm, and does not overwrite the edits of others', async () => {
    const tenant = await coxswain.tenant();
    expect(await helm(tenant, 'v4', 'install', 'app', chart)).toEqual(DONE);
    expect([await managers(tenant), await managers(tenant, 'hook')]).toEqual([APPLIED, APPLIED]);
    expect(await helm(tenant, 'v4', 'upgrade', 'app', chart, ...set('2'))).toEqual(DONE);
    expect(await managers(tenant)).toEqual(APPLIED);

    await edit(tenant);
    expect(await managers(tenant)).toEqual(['helm Apply', 'editor Update f:value']);
    const refused = await helm(tenant, 'v4', 'upgrade', 'app', chart, ...set('3'));
    expect(refused).toEqual({ code: 1, told: expect.stringContaining('conflict with "editor"') });
    expect(await tenant.configMap('app')).toEqual({ value: 'x' });
    expect(await helm(tenant, 'v4', 'upgrade', 'app', chart, ...set('3'), '--force-conflicts')).toEqual(DONE);
    expect(await tenant.configMap('app')).toEqual({ value: '3' });
    expect(await managers(tenant)).toEqual(APPLIED);
  });

  test('is written by the client with --server-side=false, until an upgrade says otherwise', async () => {
    const tenant = await coxswain.tenant();
    expect(await helm(tenant, 'v4', 'install', 'app', chart, '--server-side=false')).toEqual(DONE);
    expect(await managers(tenant)).toEqual(UPDATED);
    expect(await helm(tenant, 'v4', 'upgrade', 'app', chart, ...set('2'))).toEqual(DONE);
    expect(await managers(tenant)).toEqual(UPDATED);
    await edit(tenant);
    expect(await helm(tenant, 'v4', 'upgrade', 'app', chart, ...set('3'))).toEqual(DONE);
    expect(await tenant.configMap('app')).toEqual({ value: '3' });
    expect(await helm(tenant, 'v4', 'upgrade', 'app', chart, ...set('4'), '--server-side=true')).toEqual(DONE);
    expect(await managers(tenant)).toEqual(APPLIED);
    // As version 1 was written; that it was applied meanwhile stays among the managers.
    expect(await helm(tenant, 'v4', 'rollback', 'app', '1')).toEqual(DONE);
    expect(await managers(tenant)).toEqual(['helm Apply', ...UPDATED]);
  });

  test.each([[], ['--server-side=false']])(
    'is not taken over by a Release, which says which release owns it: %j',
    async (...flags) => {
      const tenant = await coxswain.tenant();
      expect(await helm(tenant, 'v4', 'install', 'theirs', chart, ...flags)).toEqual(DONE);
      const release = await tenant.apply('ours', await coxswain.push(PARTS));
      const { message } = await release.failed('AlreadyExists');
      expect(message).toContain(`ConfigMap/app already exists in namespace ${tenant.namespace}`);
      expect(message).toContain(`belongs to the Helm release ${tenant.namespace}/theirs`);
      expect(await managers(tenant)).toEqual(flags.length === 0 ? APPLIED : UPDATED);
    },
  );

  test('does not overwrite the objects of a Release', async () => {
    const tenant = await coxswain.tenant();
    const release = await tenant.apply('ours', await coxswain.push(PARTS));
    await release.ready();
    const refused = await helm(tenant, 'v4', 'install', 'theirs', chart);
    expect(refused).toEqual({ code: 1, told: expect.stringContaining('cannot be imported into the current release') });
    expect(await tenant.configMap('app')).toEqual({ value: '1' });
  });
});

describe.each(['v3', 'v4'] as const)('a file in crds/ without objects, with Helm %s', (helmVersion) => {
  const empty = { ...PARTS, version: '1.1.0', files: { 'crds/none.yaml': '# nothing\n' } };

  test('is refused on install by both, and ignored on upgrade', async () => {
    const [theirs, ours] = [await coxswain.tenant(), await coxswain.tenant()];
    const path = await coxswain.file('empty-1.1.0.tgz', buildChart(empty));
    const told = expect.stringContaining('failed to install CRD crds/none.yaml');
    expect(await helm(theirs, helmVersion, 'install', 'app', path)).toEqual({ code: 1, told });
    expect(await helm(theirs, helmVersion, 'install', 'app', chart)).toEqual(DONE);
    expect(await helm(theirs, helmVersion, 'upgrade', 'app', path)).toEqual(DONE);

    const stored = await coxswain.push(empty);
    const refused = await ours.apply('refused', stored, { helmVersion });
    const { message } = await refused.failed('ManifestInvalid');
    expect(message).toContain('beside/crds/none.yaml has no objects');
    await ours.kubectl('delete', 'release', 'refused');
    const release = await ours.apply('app', await coxswain.push(PARTS), { helmVersion });
    await release.ready();
    await release.patch({ chart: { version: '1.1.0' } });
    await release.until(({ status }) => status?.version === 2);
    await release.ready();
  });
});

test('what Helm would warn about is reported in an event once a version is recorded', async () => {
  const tenant = await coxswain.tenant();
  const stored = await coxswain.push({ ...PARTS, name: 'warned', metadata: 'deprecated: true' });
  const release = await tenant.apply('app', stored, { values: { value: { a: 'secret' } } });
  await release.ready();
  const told = await eventually(
    () => tenant.kubectl('get', 'events', '--field-selector=reason=ChartWarning', '--output=json'),
    (text) => text.includes('ChartWarning'),
  );
  expect(told).toContain('this chart is deprecated; skipped value for warned.value: Not a table.');
});
