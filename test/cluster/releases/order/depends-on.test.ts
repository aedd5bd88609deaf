import { beforeEach, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import { hookJob } from '../../../support/charts/hook-charts.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

// spec.dependsOn: what has to be ready before a new version is made, and what goes first in a deletion.

const coxswain = story();
let tenant: Tenant;
let chart: StoredChart;

/** Its Gadget is Yellow until somebody gives it a status, its ConfigMap has the values. */
const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {value: {{ .Values.value | quote }}}
{{- if .Values.gadget }}
---
apiVersion: example.com/v1
kind: Gadget
metadata: {name: {{ .Release.Name }}}
spec: {size: {{ .Values.gadget }}}
{{- end }}
`;

const GADGETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Gadget', plural: 'gadgets' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

beforeEach(async () => {
  await coxswain.define(GADGETS);
  tenant = await coxswain.tenant();
  await tenant.grant('*', 'gadgets.example.com');
  chart = await coxswain.push({ name: 'ordered', values: 'value: "1"\n', templates: { 'all.yaml': TEMPLATE } });
});

async function setReady(name: string, status: 'True' | 'False', type = 'Ready'): Promise<void> {
  const gadget = await tenant.kubectl.json<{ metadata: { generation: number } }>('get', 'gadget', name);
  const conditions = [{ type, status, observedGeneration: gadget.metadata.generation }];
  const patch = JSON.stringify({ status: { conditions, observedGeneration: gadget.metadata.generation } });
  await tenant.kubectl('patch', 'gadget', name, '--subresource=status', '--type=merge', `--patch=${patch}`);
}

async function waits(view: ReleaseView, words: string): Promise<Release> {
  const waiting = await view.until((release) => conditionOf(release, 'Ready')?.message.includes(words) ?? false);
  expect(conditionOf(waiting, 'Ready')).toMatchObject({ status: 'False', reason: 'DependencyNotReady' });
  expect(conditionOf(waiting, 'Reconciling')?.status).toBe('True');
  expect(conditionOf(waiting, 'Stalled')).toBeUndefined();
  return waiting;
}

test('a Release waits for another without requests, and continues as soon as that one is ready at its current spec', async () => {
  const web = await tenant.apply('web', chart, { dependsOn: [{ name: 'db' }] });
  const waiting = await waits(web, 'Release/db does not exist');
  expect(waiting.status?.health).toBe('Yellow');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  // Longer than what failed otherwise waits before it is tried again.
  expect(await countedWhenQuiet('coxswain', mark, 7_000)).toEqual([]);
  // Who waits is not stored.
  await coxswain.restart();

  const db = await tenant.apply('db', chart, { values: { gadget: 1 } });
  await waits(web, 'Release/db is not ready');
  expect(await web.histories()).toEqual([]);
  expect(await tenant.configMap('web')).toBeUndefined();
  await eventually(
    () => tenant.configMap('db'),
    (data) => data !== undefined,
  );
  await setReady('db', 'True');
  await db.ready();
  await web.inForce(1);

  // A new version waits too; what is in force stays, is kept so, and can be gone back to.
  await setReady('db', 'False');
  await db.failed('Progressing').catch(async () => db.failed('Unhealthy'));
  await web.patch({ values: { value: '2' } });
  await waits(web, 'Release/db is not ready');
  await tenant.kubectl('patch', 'configmap', 'web', '--type=merge', '--patch={"data":{"value":"other"}}');
  await eventually(
    () => tenant.configMap('web'),
    (data) => data?.['value'] === '1',
  );
  await setReady('db', 'True');
  await web.inForce(2);
  await setReady('db', 'False');
  await db.failed('Progressing').catch(async () => db.failed('Unhealthy'));
  await web.patch({ version: 1 });
  await web.inForce(1);
  expect(await web.histories()).toHaveLength(2);
});

test('it waits for any object of the namespace: to exist, to be Green, or to have a condition', async () => {
  const login = { apiVersion: 'v1', kind: 'Secret', name: 'login' };
  const gadget = { apiVersion: 'example.com/v1', kind: 'Gadget', name: 'g' };
  const valuesFrom = [{ kind: 'Secret', name: 'login', key: 'value', targetPath: 'value' }];
  const web = await tenant.apply('web', chart, { dependsOn: [login, { ...gadget, condition: 'Open' }], valuesFrom });
  await waits(web, 'Secret/login does not exist, Gadget/g does not exist');
  await tenant.kubectl.apply({ ...gadget, metadata: { name: 'g', namespace: tenant.namespace }, name: undefined });
  await waits(web, 'Secret/login does not exist, Gadget/g has no condition Open that is True');
  await setReady('g', 'True', 'Open');
  await waits(web, 'names: Secret/login does not exist');
  await tenant.kubectl('create', 'secret', 'generic', 'login', '--from-literal=value=made');
  await web.inForce(1);
  expect(await tenant.configMap('web')).toEqual({ value: 'made' });
  await setReady('g', 'False');
  await web.patch({ dependsOn: [gadget], values: { more: true } });
  // Without a condition, its health counts.
  await waits(web, 'Gadget/g is Yellow');
  await setReady('g', 'True');
  await web.inForce(2);

  const settings = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', ready: 'object.data.open == "yes"' };
  await tenant.kubectl('create', 'configmap', 'settings', '--from-literal=open=no');
  await web.patch({ dependsOn: [settings], values: { more: 2 } });
  await waits(web, 'ConfigMap/settings is not ready: its expression is not true');
  await tenant.kubectl('patch', 'configmap', 'settings', '--type=merge', '--patch={"data":{"open":"yes"}}');
  await web.inForce(3);
  await web.patch({ dependsOn: [{ ...settings, ready: 'object.data.' }], values: { more: 3 } });
  expect((await web.failed('Refused')).message).toContain('for ConfigMap/settings cannot be read');

  await web.patch({ dependsOn: [{ apiVersion: 'v1', kind: 'Node', name: 'node-0' }], values: { more: 1 } });
  expect((await web.failed('Refused')).message).toContain('cluster-scoped');
  await web.patch({ dependsOn: [{ ...gadget, kind: 'Gizmo' }] });
  expect((await web.failed('KindNotFound')).message).toContain('no Gizmo in example.com/v1');
});

test('a dependency cycle is Stalled with its path, and resolved as soon as one of them is edited', async () => {
  const views = await Promise.all(
    [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ].map(async ([name = '', needed]) => tenant.apply(name, chart, { dependsOn: [{ name: needed }] })),
  );
  const [a, b, c] = views;
  if (!a || !b || !c) throw new Error('three Releases');
  expect((await a.failed('DependencyCycle')).message).toContain('a -> b -> c -> a');
  expect((await b.failed('DependencyCycle')).message).toContain('b -> c -> a -> b');
  expect(conditionOf(await c.get(), 'Stalled')?.status ?? 'True').toBe('True');
  await c.patch({ dependsOn: [] });
  for (const view of [c, b, a]) await view.inForce(1);
  await a.patch({ dependsOn: [{ name: 'a' }], values: { value: '2' } });
  expect((await a.failed('DependencyCycle')).message).toContain('a -> a');
});

test('an edit of spec.dependsOn makes no version, and using it costs no further request', async () => {
  const db = await tenant.apply('db', chart);
  await db.ready();
  const web = await tenant.apply('web', chart, { dependsOn: [{ name: 'db' }] });
  await web.ready();
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ dependsOn: [{ name: 'db' }, { name: 'none' }] });
  await web.ready();
  await db.patch({ interval: '11m' });
  await db.ready();
  const requests = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  expect(requests.filter((request) => !request.includes('/status'))).toEqual([]);
  expect(await web.histories()).toHaveLength(1);
});

test('Releases deleted together go in reverse order, and none waits for one that stays', async () => {
  const slow = {
    name: 'slow',
    templates: { 'all.yaml': hookJob({ name: 'farewell', events: 'pre-delete', failsIf: 'true' }) },
  };
  const db = await tenant.apply('db', chart);
  await db.ready();
  const web = await tenant.apply('web', await coxswain.push(slow), { dependsOn: [{ name: 'db' }] });
  const stays = await tenant.apply('stays', chart, { dependsOn: [{ name: 'db' }] });
  await web.ready();
  await stays.ready();
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  await web.until(
    (release) => release.metadata.deletionTimestamp !== undefined && release.status?.operation?.type === 'Delete',
  );
  await tenant.kubectl('delete', 'release', 'db', '--wait=false');
  const waiting = await db.until((release) => release.status?.message?.includes('Release/web') ?? false);
  expect(conditionOf(waiting, 'Ready')).toMatchObject({
    reason: 'Uninstalling',
    message: expect.stringContaining('depends on it'),
  });
  expect(await tenant.configMap('db')).toEqual({ value: '1' });
  await web.patch({ hooks: 'Skip' });
  await eventually(
    () => tenant.kubectl('get', 'releases', '--output=name'),
    (left) => left.trim() === 'release.coxswain.dev/stays',
  );
  expect(await tenant.configMap('db')).toBeUndefined();
  expect((await stays.get()).status?.health).toBe('Green');
});

test('Releases that depend on each other can be deleted', async () => {
  const web = await tenant.apply('web', chart);
  const db = await tenant.apply('db', chart);
  await web.ready();
  await db.ready();
  await web.patch({ dependsOn: [{ name: 'db' }] });
  await db.patch({ dependsOn: [{ name: 'web' }] });
  await tenant.kubectl('delete', 'release', 'web', 'db', '--timeout=120s');
  expect(await tenant.configMap('web')).toBeUndefined();
});
