import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connect, type ApiResource, type KubeClient } from '../../../../kube/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// spec.ignore: fields that a chart sets at first, and that somebody else owns in the end.

const DEPLOYMENTS: ApiResource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  verbs: [],
};
const CONFIG_MAPS: ApiResource = { ...DEPLOYMENTS, group: '', kind: 'ConfigMap', plural: 'configmaps' };
const REPLICAS = { target: { kind: 'Deployment' }, paths: ['/spec/replicas'] };

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

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "n:{{ .Values.tag }}"}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {ca: "{{ .Values.tag }}", other: "{{ .Values.tag }}"}
`;

async function deploy(spec: Record<string, unknown>): Promise<ReleaseView> {
  const parts = { name: 'web', values: 'replicas: 2\ntag: "1"\n', templates: { 'all.yaml': MANIFEST } };
  const web = await tenant.apply('web', await coxswain.push(parts), spec);
  await web.inForce(1);
  return web;
}

async function replicas(): Promise<unknown> {
  return ((await tenant.kubectl.json<KubeObject>('get', 'deployment', 'web'))['spec'] as { replicas: number }).replicas;
}

/** Sets the number as a scaler does that knows of no subresource. */
async function scale(number: number): Promise<void> {
  await client.patchMerge(
    DEPLOYMENTS,
    tenant.namespace,
    'web',
    { spec: { replicas: number } },
    { fieldManager: 'scaler' },
  );
}

test('is sent when the object is created; what others set then stays, without a request, through upgrades and rollbacks', async () => {
  const web = await deploy({ ignore: [REPLICAS, { target: { name: 'web' }, paths: ['/data/ca'] }], drift: 'Report' });
  expect(await replicas()).toBe(2);
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await scale(5);
  await client.patchMerge(
    CONFIG_MAPS,
    tenant.namespace,
    'web',
    { data: { ca: 'injected' } },
    { fieldManager: 'injector' },
  );
  const requests = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  expect(requests.filter((request) => !request.includes('releases/web/status'))).toEqual([]);
  expect(conditionOf(await web.ready(), 'Drifted')?.reason).toBe('InSync');

  await web.patch({ values: { tag: '2', replicas: 3 } });
  await web.inForce(2);
  expect(await replicas()).toBe(5);
  expect(await tenant.configMap('web')).toEqual({ ca: 'injected', other: '2' });
  await web.patch({ version: 1, drift: 'Repair' });
  await web.inForce(1);
  expect(await replicas()).toBe(5);
  expect(await tenant.configMap('web')).toEqual({ ca: 'injected', other: '1' });
  expect((await web.get()).status?.health).toBe('Green');

  // A rule is control: without it, what others set is corrected at once, and no version is made.
  await web.patch({ ignore: [] });
  await eventually(replicas, (number) => number === 2);
  await web.ready();
  expect(await tenant.configMap('web')).toEqual({ ca: '1', other: '1' });
  expect(await web.histories()).toHaveLength(2);
});

test('other fields of the same object are corrected, and so is the object if it is deleted', async () => {
  const web = await deploy({ ignore: [REPLICAS] });
  await scale(5);
  await tenant.kubectl('set', 'image', 'deployment/web', 'c=other:1');
  await tenant.kubectl(
    'wait',
    '--for=jsonpath={.spec.template.spec.containers[0].image}=n:1',
    'deployment/web',
    '--timeout=90s',
  );
  expect(await replicas()).toBe(5);
  await tenant.kubectl('delete', 'deployment', 'web');
  await eventually(replicas, (number) => number === 2);
  await web.ready();
});

test('a contest over a field names the rule that settles it, which works as printed', async () => {
  const web = await deploy({});
  const contested = await eventually(
    async () => {
      if ((await replicas()) === 2) await scale(5);
      return web.get();
    },
    (seen) => conditionOf(seen, 'Ready')?.reason === 'DriftContested',
    { intervalMs: 50 },
  );
  const [, rule = ''] =
    /scaler overwrites \/spec\/replicas .*add to spec\.ignore: (\{.*\})$/.exec(contested.status?.message ?? '') ?? [];
  await web.patch({ ignore: [JSON.parse(rule)] });
  const settled = await web.ready();
  expect(settled.status?.health).toBe('Green');
  await scale(6);
  await web.patch({ values: { tag: '2' } });
  await web.inForce(2);
  expect(await replicas()).toBe(6);
});
