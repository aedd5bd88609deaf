import { beforeEach, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../resources/index.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';
import { kubectlFor, type Kubectl, type Outcome } from '../../support/cluster/kubectl.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import { webChart } from '../../support/charts/web-chart.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

// `kubectl release export` and `import`: a Release moves with its versions.

const BIG = 1234567890123456;

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;
let kubectl: Kubectl;
let file: string;

/** Three versions, of which the second is in force, exported. */
beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  await tenant.apply('web', await coxswain.push(webChart()), { values: { greeting: 'one', big: BIG } });
  await web.inForce(1);
  await web.patch({ values: { greeting: 'two' } });
  await web.inForce(2);
  await web.patch({ values: { greeting: 'three' } });
  await web.inForce(3);
  await web.patch({ version: 2 });
  await web.inForce(2);
  const exported = await kubectl('release', 'export', 'web', '--namespace', tenant.namespace);
  file = await coxswain.file('export.yaml', exported);
});

async function imported(): Promise<void> {
  const told = await kubectl('release', 'import', '-f', file, '--namespace', tenant.namespace);
  expect(told).toContain('release.coxswain.dev/web imported with 3 versions');
}

async function goesOn(): Promise<void> {
  await web.inForce(2);
  expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([1, 2, 3]);
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'two' });
  await web.patch({ version: 1 });
  const back = await web.inForce(1);
  expect(back.spec.values).toEqual({ greeting: 'one', big: BIG });
  await web.patch({ values: { greeting: 'four' } });
  await web.inForce(4);
  await web.delete();
  await eventually(
    async () => tenant.kubectl('get', 'deploy,svc,cm,secret,relhist', '--output=name'),
    (left) => left.trim() === 'configmap/kube-root-ca.crt',
    // The garbage collector learns of a new kind, such as ReleaseHistory here, within half a minute.
    { timeoutMs: 120_000 },
  );
}

test('a lost Release continues with its version numbers, and can be rolled back to every version', async () => {
  await web.delete();
  await eventually(
    async () => tenant.kubectl('get', 'secret,relhist', '--output=name'),
    (left) => left.trim() === '',
    { timeoutMs: 120_000 },
  );
  await imported();
  await goesOn();
});

test('a Release takes back the objects that still exist, and creates none twice', async () => {
  const uids = async (): Promise<string[]> => {
    const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'deploy,svc,pod');
    return items.map(({ metadata }) => metadata.uid ?? '');
  };
  const before = await uids();
  await web.delete('--cascade=orphan');
  await tenant.kubectl('delete', 'relhist', '--all');
  // At once: the garbage collector has not deleted what held the versions yet.
  await imported();
  await web.inForce(2);
  expect(await uids()).toEqual(before);
  await goesOn();
});

/** The order in which Velero restores kinds, of which the last are in the order of the alphabet. */
const RESTORED_KINDS = [
  'secrets',
  'configmaps',
  'pods',
  'replicasets',
  'services',
  'deployments',
  'releasehistories',
  'releases',
  'rolebindings',
];

/** What Velero makes anew of an object: without a status, without owners, under labels of its own. */
function asRestored({ metadata, spec, status: _status, ...rest }: KubeObject): object {
  const { name, labels, annotations, finalizers } = metadata;
  const { clusterIP: _ip, clusterIPs: _ips, ...kept } = (spec ?? {}) as Record<string, unknown>;
  return {
    ...rest,
    metadata: { name, annotations, finalizers, labels: { ...labels, 'velero.io/restore-name': 'again' } },
    ...(spec !== undefined && { spec: rest.kind === 'Service' ? kept : spec }),
  };
}

test('a Release restored object by object, without a status, continues with its version numbers', async () => {
  // As a tool does that goes on applying what was rolled back.
  await web.patch({ values: { greeting: 'three' } });
  await web.until(({ status }) => status?.message?.includes('version 2 stays in force') ?? false);
  const saved: KubeObject[] = [];
  for (const kind of RESTORED_KINDS) {
    const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', kind);
    saved.push(...items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt'));
  }
  await coxswain.kubectl('delete', 'namespace', tenant.namespace, '--timeout=120s');
  await coxswain.kubectl('create', 'namespace', tenant.namespace);
  await tenant.kubectl('wait', 'serviceaccount/default', '--for=create', '--timeout=90s');
  for (const object of saved) {
    const args = ['create', '--filename=-'];
    const { stderr } = await tenant.kubectl.attempt(args, { input: JSON.stringify(asRestored(object)) });
    expect(stderr).toBe('');
  }
  const uids = async (): Promise<string> =>
    tenant.kubectl(
      'get',
      'deployment/web',
      'service/web',
      'relhist/web-v1',
      '--output=jsonpath={.items[*].metadata.uid}',
    );
  const restored = await uids();
  const { status } = await web.inForce(2);
  expect(status?.resources?.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
    'ConfigMap/web',
    'Service/web',
    'Deployment/web',
  ]);
  expect(await uids()).toBe(restored);
  await goesOn();
}, 300_000);

test('a second import, and a file that holds anything else, are refused before anything is written', async () => {
  const again = await kubectl.attempt(['release', 'import', '-f', file, '--namespace', tenant.namespace]);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain('release "web" exists');
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other' } };
  const release = { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata: { name: 'new' }, spec: {} };
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [secret, release] });
  const other = await kubectl.attempt(['release', 'import', '-f', '-', '--namespace', tenant.namespace], { input });
  expect(other).toMatchObject({ code: 1, stdout: '' });
  expect(other.stderr).toContain('Secret/other is not part of the Release new');
});

test('a Release made by the chart of another one is imported before that one', async () => {
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kid}\ndata: {v: {{ .Values.v | quote }}}\n';
  const inline = Buffer.from(buildChart({ name: 'kid', templates: { 'a.yaml': config } })).toString('base64');
  const nested = `apiVersion: coxswain.dev/v1alpha1
kind: Release
metadata: {name: kid}
spec:
  chart: {inline: ${inline}}
  values: {v: {{ .Values.v | quote }}}
`;
  const chart = await coxswain.push({ name: 'outer', values: 'v: 1\n', templates: { 'kid.yaml': nested } });
  const outer = await tenant.apply('outer', chart);
  const kid = tenant.release('kid');
  await outer.ready();
  await outer.patch({ values: { v: 2 } });
  await kid.until(({ status }) => status?.version === 2);
  await outer.inForce(2);
  const files = new Map<string, string>();
  for (const name of ['outer', 'kid']) {
    const exported = await kubectl('release', 'export', name, '--namespace', tenant.namespace);
    files.set(name, await coxswain.file(`${name}.yaml`, exported));
  }
  const importing = async (name: string): Promise<Outcome> =>
    kubectl.attempt(['release', 'import', '-f', files.get(name) ?? '', '--namespace', tenant.namespace]);
  await outer.delete();
  await tenant.kubectl('wait', 'release/kid', '--for=delete', '--timeout=60s');
  expect(await importing('outer')).toMatchObject({ code: 0 });
  await kid.inForce(1);
  const refused = await importing('kid');
  expect(refused.stderr).toContain('made by release "outer"');
  await outer.delete('--cascade=orphan');
  await kid.delete('--cascade=orphan');
  await tenant.kubectl('delete', 'relhist', '--selector=coxswain.dev/release=kid');
  await eventually(
    async () => tenant.kubectl('get', 'secret', '--output=name', '--selector=coxswain.dev/release=kid'),
    (left) => left.trim() === '',
    { timeoutMs: 120_000 },
  );
  expect(await importing('kid')).toMatchObject({ code: 0 });
  expect(await importing('outer')).toMatchObject({ code: 0 });
  await outer.inForce(2);
  await kid.inForce(2);
  expect(await tenant.configMap('kid')).toEqual({ v: '2' });
  await outer.delete();
});
