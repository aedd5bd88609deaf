import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connect, type ApiResource, type KubeClient } from '../../../../kube/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import {
  countedOf,
  countedWhenQuiet,
  describeRequest,
  markAudit,
  requestsSince,
} from '../../../support/cluster/audit.ts';
import type { ChartParts } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const CONFIG_MAPS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: [],
};

const coxswain = story();
let client: KubeClient;
let tenant: Tenant;

beforeAll(async () => {
  client = await connect({ kubeconfig: coxswain.controlPlane.kubeconfig, userAgent: 'test' });
});

afterAll(async () => {
  await client?.close();
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

/** Installs a chart of one manifest, or upgrades to it. */
async function deploy(name: string, manifest: string, version = '1.0.0'): Promise<ReleaseView> {
  const parts: ChartParts = { name, version, templates: { 'all.yaml': manifest } };
  const release = await tenant.apply(name, { ...(await coxswain.push(parts)), version });
  await release.ready();
  return release;
}

/** The writes of children that follow, until nothing is written any more. */
async function writesSince(mark: Awaited<ReturnType<typeof markAudit>>): Promise<string[]> {
  const requests = await countedWhenQuiet('coxswain', mark);
  return requests
    .filter(({ objectRef }) => !['releases', 'releasehistories', 'secrets'].includes(objectRef?.resource ?? ''))
    .map(describeRequest);
}

const deployment = (image: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: rev, annotations: {deployment.kubernetes.io/revision: "1"}}
spec:
  replicas: 2
  selector: {matchLabels: {app: rev}}
  template: {metadata: {labels: {app: rev}}, spec: {containers: [{name: c, image: "${image}"}]}}
`;

test('the revision that the Deployment controller counts is left to it, even if the chart sets one', async () => {
  await deploy('rev', deployment('n:1'));
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await deploy('rev', deployment('n:2'), '1.0.1');
  expect(await writesSince(mark)).toEqual(['patch deployments/rev']);
  const live = await tenant.kubectl.json<KubeObject>('get', 'deployment', 'rev');
  expect(live.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
});

test('replicas set through scale stay, also with the next version; edited replicas are corrected', async () => {
  const { kubectl } = coxswain;
  const replicas = async (): Promise<string> =>
    tenant.kubectl('get', 'deployment', 'rev', '--output=jsonpath={.spec.replicas}');
  await deploy('rev', deployment('n:1'));
  const path = `/apis/apps/v1/namespaces/${tenant.namespace}/deployments/rev/scale`;
  const scale = { ...(JSON.parse(await kubectl('get', '--raw', path)) as object), spec: { replicas: 0 } };
  const mark = await markAudit(coxswain.controlPlane, tenant);
  const put = ['replace', '--raw', `${path}?fieldManager=keda-operator`, '--filename=-'];
  expect(await kubectl.attempt(put, { input: JSON.stringify(scale) })).toMatchObject({ code: 0 });
  expect(await writesSince(mark)).toEqual([]);
  await deploy('rev', deployment('n:2'), '1.0.1');
  expect(await replicas()).toBe('0');
  await tenant.kubectl('patch', 'deployment', 'rev', '--type=merge', '--patch={"spec":{"replicas":5}}');
  await eventually(replicas, (seen) => seen === '2');
});

test('the rules of an aggregated ClusterRole and the CA bundle of a webhook are left to whoever fills them in', async () => {
  tenant = await coxswain.tenant({ rights: 'trusted' });
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await deploy(
    'agg',
    `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${tenant.namespace}-agg}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {part-of: ${tenant.namespace}}}]}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${tenant.namespace}-part, labels: {part-of: ${tenant.namespace}}}
rules: [{apiGroups: [""], resources: [pods], verbs: [list]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: ${tenant.namespace}}
webhooks:
- name: nothing.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  clientConfig: {caBundle: Cg==, service: {name: none, namespace: ${tenant.namespace}}}
`,
  );
  const patch = JSON.stringify([
    { op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value: coxswain.controlPlane && 'LS0tLS0K' },
  ]);
  await coxswain.kubectl(
    'patch',
    'validatingwebhookconfiguration',
    tenant.namespace,
    '--type=json',
    `--patch=${patch}`,
    '--field-manager=injector',
  );
  expect((await writesSince(mark)).toSorted()).toEqual(
    [
      `patch clusterroles/${tenant.namespace}-agg`,
      `patch clusterroles/${tenant.namespace}-part`,
      `patch validatingwebhookconfigurations/${tenant.namespace}`,
      // What the permissions of the account are.
      'create selfsubjectrulesreviews',
    ].toSorted(),
  );
});

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {key: ours, other: ours}\n';

test('a field that somebody keeps overwriting is corrected three times, then reported; others are still corrected', async () => {
  const release = await deploy('web', CONFIG);
  const mark = await markAudit(coxswain.controlPlane, tenant);
  const read = async (): Promise<Record<string, string>> =>
    (await client.get<KubeObject>(CONFIG_MAPS, tenant.namespace, 'web'))['data'] as Record<string, string>;
  const set = async (data: Record<string, string>, fieldManager: string): Promise<void> => {
    await client.patchMerge(CONFIG_MAPS, tenant.namespace, 'web', { data }, { fieldManager });
  };
  const contested = await eventually(
    async () => {
      if ((await read())['key'] === 'ours') await set({ key: 'theirs' }, 'rotator');
      return release.get();
    },
    (seen) => conditionOf(seen, 'Ready')?.reason === 'DriftContested',
    { intervalMs: 50 },
  );
  expect(contested.status?.health).toBe('Yellow');
  expect(contested.status?.message).toMatch(/^ConfigMap\/web: rotator overwrites \/data\/key each time/);
  expect(conditionOf(contested, 'Stalled')?.status).toBe('True');
  expect(await writesSince(mark)).toEqual(Array.from({ length: 3 }, () => 'patch configmaps/web'));
  const events = await tenant.kubectl('get', 'events', '--field-selector=reason=DriftContested');
  expect(events).toContain('rotator overwrites /data/key');

  await set({ other: 'theirs' }, 'somebody');
  await eventually(read, (data) => data['other'] === 'ours');
  expect(await read()).toEqual({ key: 'theirs', other: 'ours' });
  await set({ key: 'ours' }, 'rotator');
  const next = await deploy('web', CONFIG.replace('key: ours', 'key: mine'), '1.0.1');
  expect((await next.get()).status?.health).toBe('Green');
  expect(await read()).toEqual({ key: 'mine', other: 'ours' });
});

test('an object that is deleted every time it is created is created four times', async () => {
  const owner = '{apiVersion: v1, kind: ConfigMap, name: gone, uid: 11111111-2222-3333-4444-555555555555}';
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, ownerReferences: [${owner}]}\n`;
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await tenant.apply('web', await coxswain.push({ name: 'gone', templates: { 'a.yaml': manifest } }));
  const message = (await tenant.release('web').failed('DriftContested')).message;
  expect(message).toContain('ConfigMap/web: is deleted each time it is created again');
  expect(message).toContain('metadata.ownerReferences');
  const made = countedOf('coxswain', await requestsSince(mark)).filter(
    ({ verb, objectRef }) => verb === 'patch' && objectRef?.resource === 'configmaps',
  );
  expect(made).toHaveLength(4);
});
