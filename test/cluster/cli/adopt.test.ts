import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReleaseHistory } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { appChart } from '../../support/charts/app-chart.ts';
import { buildChart, type ChartParts } from '../../support/charts/chart-builder.ts';
import { helmOn } from '../../support/cluster/helm.ts';
import { kubectlFor, type Outcome } from '../../support/cluster/kubectl.ts';
import { story } from '../../support/cluster/story.ts';
import { deletedPodsGone, type Tenant } from '../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}-login}
stringData: {password: {{ randAlphaNum 16 | quote }}}
`;
const PARTS = appChart({ templates: { 'secret.yaml': SECRET } });
/** With a chart of its own in charts/, which Helm does not store. */
const WHOLE: ChartParts = {
  ...PARTS,
  name: 'whole',
  metadata: 'dependencies:\n- {name: sub, version: "*", repository: ""}\n',
  files: {
    'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
    'charts/sub/values.yaml': 'size: 1\n',
    'charts/sub/templates/all.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-sub}\ndata: {size: {{ .Values.size | quote }}}\n',
  },
};

/** Nulls in its values are kept by Helm 3 alone. */
const SHOWN = `apiVersion: v1
kind: ConfigMap
metadata: {name: shown}
data: {values: {{ toJson .Values | quote }}}
`;

const coxswain = story();
let tenant: Tenant;
let release: (...args: string[]) => Promise<Outcome>;

beforeEach(async () => {
  const { controlPlane } = coxswain;
  tenant = await coxswain.tenant();
  const path = pathWith(PLUGINS, controlPlane);
  const kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  release = async (...args) => kubectl.attempt(['release', ...args, '-n', tenant.namespace]);
});

async function workloads({ kubectl }: Tenant): Promise<unknown> {
  const kinds = 'deployment,statefulset,pod,secret,configmap';
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', kinds, '--selector=!owner');
  return items
    .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt' && !/^app-[0-9a-f]{16}$/.test(metadata.name))
    .map(({ kind, metadata, spec, data }) => ({ kind, name: metadata.name, uid: metadata.uid, spec, data }));
}

async function stored({ kubectl }: Tenant): Promise<string[]> {
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', 'secret,configmap', '--selector=owner=helm');
  return items.map(({ metadata }) => metadata.name);
}

describe.each(['v3', 'v4'] as const)('a release of Helm %s', (version) => {
  let path: string;
  let helm: (...args: readonly string[]) => Promise<string>;

  beforeAll(async () => {
    path = await coxswain.file(`${version}.tgz`, buildChart(PARTS));
    helm = async (...args) => helmOn(coxswain, version)(tenant, ...args);
  });

  test('is adopted with its number, its values, its passwords and the chart that Helm stored', async () => {
    await helm('install', 'app', path);
    await helm('upgrade', 'app', path, '--set-string', 'tag=2');
    await tenant.kubectl('rollout', 'status', 'deployment/app-web', '--timeout=60s');
    await tenant.kubectl('rollout', 'status', 'statefulset/app-db', '--timeout=60s');
    await deletedPodsGone(tenant);
    const before = await workloads(tenant);

    const plan = await release('adopt', 'app');
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(plan.stdout).toContain('revision 2 of Helm, app-1.0.0, becomes version 2');
    expect(plan.stdout).toMatch(
      /takes over 6 objects; 1 values .*\n  earlier revisions that become versions too: 1\n.*no differences/,
    );
    expect((await tenant.kubectl.attempt(['get', 'release', 'app'])).code).toBe(1);

    expect(await release('adopt', 'app', '--yes')).toMatchObject({ code: 0 });
    const adopted = await tenant.release('app').inForce(2);
    expect(adopted.spec).toMatchObject({ values: { tag: '2' }, adopt: 'HelmRelease', version: 2 });
    expect(await workloads(tenant)).toEqual(before);
    expect(await stored(tenant)).toHaveLength(2);

    expect(await release('adopt', 'app', '--yes')).toMatchObject({ code: 1 });
    expect(await release('adopt', 'app', '--finish')).toMatchObject({ code: 0 });
    expect(await stored(tenant)).toEqual([]);
    await tenant.release('app').inForce(2);

    await tenant.release('app').patch({ values: { tag: '3' } });
    await tenant.release('app').inForce(3);
    expect(await release('rollback', 'app', '2', '--wait')).toMatchObject({ code: 0 });
    const secrets = (objects: unknown): unknown[] =>
      (objects as { kind: string }[]).filter(({ kind }) => kind === 'Secret');
    expect(secrets(await workloads(tenant))).toEqual(secrets(before));
    expect(await tenant.configMap('app-settings')).toEqual({ tag: '2', dropped: 'here' });
  });

  test('is rendered as by that version from then on, where a chart tells the two apart', async () => {
    const templates = { 'shown.yaml': SHOWN };
    const chart = buildChart({ name: 'shown', values: 'a: null\n', templates });
    await helm('install', 'shown', await coxswain.file(`shown-${version}.tgz`, chart));
    expect(await release('adopt', 'shown', '--yes')).toMatchObject({ code: 0 });
    const { spec } = await tenant.release('shown').inForce(1);
    expect(spec.helmVersion).toBe(version === 'v3' ? 'v3' : undefined);

    await tenant.release('shown').patch({ values: { b: 1 } });
    await tenant.release('shown').inForce(2);
    expect(await tenant.configMap('shown')).toEqual({ values: version === 'v3' ? '{"a":null,"b":1}' : '{"b":1}' });
  });

  test('is adopted with its earlier revisions, and can be rolled back and upgraded again', async () => {
    await helm('install', 'app', path);
    await helm('upgrade', 'app', path, '--set-string', 'tag=2');
    await helm('rollback', 'app', '1');
    await expect(helm('upgrade', 'app', path, '--set', 'minReadySeconds=-1')).rejects.toThrow('minReadySeconds');
    await helm('upgrade', 'app', path, '--set-string', 'tag=5,dropped=');
    const passwords: unknown[] = [];
    const password = async (): Promise<unknown> =>
      (await tenant.kubectl.json<KubeObject>('get', 'secret', 'app-login'))['data'];
    passwords.push(await password());
    expect(await release('adopt', 'app', '--revisions', '2', '--yes')).toMatchObject({ code: 0 });
    await tenant.release('app').inForce(5);
    expect(await password()).toEqual(passwords[0]);
    const history = await release('history', 'app', '--output', 'json');
    const versions = JSON.parse(history.stdout) as { items: ReleaseHistory[] };
    expect(versions.items.map(({ spec }) => spec.version)).toEqual([5, 3, 2]);
    expect(versions.items[2]?.spec.description).toMatch(/^Helm: Upgrade complete/);
    expect(JSON.stringify(versions.items[1]?.spec.changes)).toContain('"from":"2"');

    expect(await release('rollback', 'app', '2', '--wait')).toMatchObject({ code: 0 });
    const back = await tenant.release('app').inForce(2);
    expect(back).toMatchObject({ spec: { values: { tag: '2' } }, status: { operation: { type: 'Rollback' } } });
    expect(await tenant.configMap('app-settings')).toEqual({ tag: '2', dropped: 'here' });
    passwords.push(await password());
    await tenant.release('app').patch({ values: { tag: '6' } });
    await tenant.release('app').inForce(6);
    // What Helm drew for the revision that was gone back to is kept.
    expect(await password()).toEqual(passwords[1]);
    expect(await release('adopt', 'app', '--finish')).toMatchObject({ code: 0 });
    expect(await stored(tenant)).toEqual([]);
    await tenant.release('app').delete();
    expect(await tenant.kubectl.json('get', 'relhist')).toMatchObject({ items: [] });
  });

  test('with dependencies is adopted with its chart in a registry', async () => {
    await helm('install', 'app', await coxswain.file(`${version}-whole.tgz`, buildChart(WHOLE)), '--set', 'sub.size=2');
    const without = await release('adopt', 'app');
    expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('name the chart with --registry') });
    const { registry } = await coxswain.push(WHOLE);
    expect(await release('adopt', 'app', '--registry', registry, '--yes')).toMatchObject({ code: 0 });
    const { spec } = await tenant.release('app').inForce(1);
    expect(spec.chart).toEqual({ registry, name: 'whole', version: '1.0.0' });
    expect(await tenant.configMap('app-sub')).toEqual({ size: '2' });
  });

  test('shows what would change: another chart, edited objects, missing objects', async () => {
    await helm('install', 'app', path);
    await tenant.kubectl('set', 'image', 'deployment/app-web', 'web=example.com/web:edited');
    await tenant.kubectl('delete', 'service', 'app-web');
    const other = await coxswain.push({
      ...PARTS,
      version: '1.1.0',
      values: `${PARTS.values}`.replace('here', 'there'),
    });
    const outcome = await release('adopt', 'app', '--chart', `${other.registry}/${other.name}:1.1.0`);
    expect(outcome.code).toBe(3);
    for (const text of [
      'not there, so that they are created: Service/app-web',
      '- here',
      '+ there',
      '- example.com/web:edited',
    ])
      expect(outcome.stdout).toContain(text);
    expect(outcome.stdout).not.toContain('password:');
  });
});

const ALL = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch', 'patch'] };
const VERSIONS = {
  apiGroups: ['coxswain.dev'],
  resources: ['releases', 'releasehistories'],
  verbs: ['create', 'delete'],
};

test.each([
  ['versions', { apiGroups: ['coxswain.dev'], resources: ['releases'], verbs: ['create'] }],
  ['the Secrets of versions', VERSIONS],
])('without the right to create %s, only the revision in force is recorded', async (_what, rule) => {
  const helm = helmOn(coxswain, 'v4');
  const path = await coxswain.file('pair.tgz', buildChart(PARTS));
  await helm(tenant, 'install', 'app', path);
  await helm(tenant, 'upgrade', 'app', path, '--set-string', 'tag=2');
  const metadata = { name: 'adopting', namespace: tenant.namespace };
  await tenant.kubectl.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata,
    rules: [ALL, rule],
  });
  await tenant.kubectl('create', 'rolebinding', 'jane', '--role=adopting', '--user=jane');
  const adopted = await release('adopt', 'app', '--yes', '--as=jane');
  expect(adopted).toMatchObject({ code: 0, stderr: expect.stringContaining('earlier revisions stay with Helm') });
  await tenant.release('app').inForce(2);
  expect(await tenant.release('app').histories()).toHaveLength(1);
});

test('releases are adopted all at once, also those that Helm keeps in ConfigMaps or kept in SQL', async () => {
  const helm = helmOn(coxswain, 'v4');
  const tiny: ChartParts = {
    name: 'tiny',
    templates: { 'all.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {a: b}\n' },
  };
  const path = await coxswain.file('tiny.tgz', buildChart(tiny));
  process.env['HELM_DRIVER'] = 'configmap';
  try {
    await helm(tenant, 'install', 'one', path);
    await helm(tenant, 'install', 'two', path);
  } finally {
    delete process.env['HELM_DRIVER'];
  }
  await helm(tenant, 'install', 'three', path);
  // Secrets come first: those in ConfigMaps are found once they are finished.
  expect(await release('adopt', '--all', '--yes')).toMatchObject({ code: 0 });
  await tenant.release('three').inForce(1);
  const bodies = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'configmap', '--selector=owner=helm');
  const lines = bodies.items.map(({ data }) => (data as { release: string }).release);
  const file = await coxswain.file('storage.txt', lines.join('\n'));
  expect(await release('adopt', 'two', '--storage', file, '--yes')).toMatchObject({ code: 0 });
  await tenant.release('two').inForce(1);
  expect(await release('adopt', 'one', '--yes')).toMatchObject({ code: 0 });
  expect(await release('adopt', 'none')).toMatchObject({ code: 1 });
});

test('an object that a Release may not have is named, and nothing is written', async () => {
  const helm = helmOn(coxswain, 'v4');
  const role =
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: {{ .Release.Namespace }}}\nrules: []\n';
  const path = await coxswain.file('wide.tgz', buildChart({ name: 'wide', templates: { 'role.yaml': role } }));
  await helm(tenant, 'install', 'wide', path);
  const outcome = await release('adopt', 'wide', '--yes');
  expect(outcome).toMatchObject({ code: 1, stdout: expect.stringContaining('is cluster-scoped') });
  expect((await tenant.kubectl.attempt(['get', 'release', 'wide'])).code).toBe(1);
});

test('what Helm stored is not deleted if Helm was used again', async () => {
  const helm = helmOn(coxswain, 'v4');
  const path = await coxswain.file('again.tgz', buildChart(PARTS));
  await helm(tenant, 'install', 'app', path);
  expect(await release('adopt', 'app', '--yes')).toMatchObject({ code: 0 });
  await helm(tenant, 'upgrade', 'app', path, '--force-conflicts');
  const outcome = await release('adopt', 'app', '--finish');
  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('helm was used after it was adopted') });
  expect(await stored(tenant)).toHaveLength(2);
});
