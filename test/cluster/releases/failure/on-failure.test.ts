import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Release, ReleaseStatus } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { helmOn } from '../../../support/cluster/helm.ts';
import { conditionOf, releaseOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

// Every way in which a version can fail, and what comes back then. The images of hooks and pods end as the simulated kubelet is told.

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: "example.com/app:{{ .Values.tag }}"}]}
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: door}
spec: {type: {{ .Values.door }}, ports: [{port: 80}]}
`;
const JOB = `apiVersion: batch/v1
kind: Job
metadata: {name: fixed}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: main, image: "example.com/job:{{ .Values.job }}"}]}
`;
const VALUES = 'value: one\ntag: "1"\njob: "1"\ndoor: ClusterIP\nfails: false\n';
const ROLLBACK = { strategy: 'Rollback', redTimeout: '2s' };

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;
let chart: StoredChart;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
  const migrate = hookJob({ name: 'migrate', events: 'pre-upgrade', failsIf: '.Values.fails' });
  const parts = [configMap('app', 'value'), DEPLOYMENT, SERVICE, JOB, migrate];
  chart = await coxswain.push(chartOf('failing', parts, VALUES));
});

const FAULTS: [string, Record<string, unknown>, Record<string, unknown>, string][] = [
  ['a hook of it has failed', { fails: true }, {}, 'HookFailed'],
  ['an object of it was refused', { job: '2' }, { recreate: 'Never' }, 'ApplyFailed'],
  ['it stays Red', { tag: 'broken' }, {}, 'Unhealthy'],
  ['it is not Green within the timeout', { door: 'LoadBalancer' }, { timeout: '15s' }, 'TimedOut'],
];

describe('with Rollback, the last Green version is restored, with its number, where', () => {
  test.each(FAULTS)('%s', async (_title, fault, more, reason) => {
    await install({ onFailure: ROLLBACK, ...more });
    const before = await stateOf();
    await web.patch({ values: { value: 'two', ...fault } });
    const back = await rolledBack();
    expect(back.status?.rolledBack).toMatchObject({ version: 2, to: 1, reason });
    expect(back.status).toMatchObject({ version: 1, operation: { type: 'Rollback', version: 1, phase: 'Done' } });
    expect(back.spec).toMatchObject({ version: 1 });
    expect(back.spec.values).toBeUndefined();
    expect(conditionOf(back, 'Stalled')?.reason).toBe('RolledBack');
    expect(await stateOf()).toEqual(before);
    expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([1, 2]);
    await eventually(
      async () => tenant.kubectl.json<{ items: (KubeObject & { reason?: string })[] }>('get', 'events'),
      ({ items }) => items.some((event) => event.reason === 'RolledBack'),
    );
  });
});

test('it does not go forward again until somebody asks for it or changes the content', async () => {
  await install({ onFailure: ROLLBACK });
  const manifest = releaseOf(tenant.namespace, 'web', chart, {
    onFailure: ROLLBACK,
    values: { value: 'two', fails: true },
  });
  await tenant.kubectl.apply(manifest);
  const first = await rolledBack();
  await tenant.kubectl.apply(manifest);
  const again = await web.until(({ metadata }) => metadata.generation > first.metadata.generation);
  expect(conditionOf(again, 'Ready')).toMatchObject({ status: 'False', reason: 'RolledBack' });
  expect(again.status?.rolledBack?.at).toBe(first.status?.rolledBack?.at);

  await web.patch({ version: 2 });
  const failedAgain = await web.until(({ status }) => at(status) !== at(first.status) && isBack(status));
  expect(failedAgain.status?.rolledBack).toMatchObject({ version: 2, to: 1, reason: 'HookFailed' });

  await web.patch({ values: { value: 'three', fails: false } });
  const third = await web.inForce(3);
  expect(third.status?.rolledBack).toBeUndefined();
  expect(third.status?.lastGreen).toBe(3);
  expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([1, 2, 3]);
});

test('a manifest that asks for the version rolled back to makes it ready', async () => {
  const spec = { onFailure: ROLLBACK };
  await install(spec);
  await tenant.kubectl.apply(releaseOf(tenant.namespace, 'web', chart, { ...spec, values: { fails: true } }));
  await rolledBack();
  await tenant.kubectl.apply(releaseOf(tenant.namespace, 'web', chart, { ...spec, interval: '11m' }));
  const content = await web.ready();
  expect(content.status).toMatchObject({ version: 1 });
  expect(content.status?.rolledBack).toBeUndefined();
});

test('an automatic rollback keeps the claims that only the failed version has', async () => {
  const claim = `{{ if .Values.fails }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: beside}
{{ end }}
`;
  const migrate = hookJob({ name: 'migrate', events: 'post-upgrade', failsIf: '.Values.fails' });
  const claiming = await coxswain.push(chartOf('claiming', [configMap('app', 'value'), claim, migrate], VALUES));
  await tenant.apply('web', claiming, { onFailure: ROLLBACK });
  await web.ready();
  await web.patch({ values: { value: 'two', fails: true } });
  const back = await rolledBack();
  expect(back.status?.resources?.map(({ name }) => name)).toEqual(['app']);
  await tenant.kubectl('get', 'persistentvolumeclaim', 'data');
  expect(await tenant.configMap('beside')).toBeUndefined();
  await eventually(
    async () => tenant.kubectl.json<{ items: (KubeObject & { reason?: string })[] }>('get', 'events'),
    ({ items }) => items.some((event) => event.reason === 'VolumeKept'),
  );
});

test('after a version whose first hook fails the one in force is restored, though it was never Green', async () => {
  await install({ onFailure: ROLLBACK });
  await web.patch({ onFailure: { strategy: 'Stop' }, values: { tag: 'broken' } });
  await web.until(({ status }) => status?.version === 2 && status.health === 'Red');
  await web.patch({ onFailure: { strategy: 'Rollback' }, values: { tag: 'broken', fails: true } });
  const back = await rolledBack();
  expect(back.status).toMatchObject({
    version: 2,
    lastGreen: 1,
    rolledBack: { version: 3, to: 2, reason: 'HookFailed' },
  });
});

test('outside data that makes a version fail leads to a rollback, and to another version once the data changes', async () => {
  const input = async (fails: boolean): Promise<void> =>
    tenant.kubectl.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'inputs', namespace: tenant.namespace },
      data: { 'values.yaml': `fails: ${fails}` },
    });
  await input(false);
  await install({ onFailure: ROLLBACK, valuesFrom: [{ kind: 'ConfigMap', name: 'inputs' }] });
  await input(true);
  await rolledBack();
  await tenant.kubectl('annotate', 'release', 'web', 'coxswain.dev/reconcile=look');
  await web.until(({ status }) => status?.lastHandledReconcile === 'look' && isBack(status));
  expect(await web.histories()).toHaveLength(2);
  await input(false);
  expect((await web.inForce(3)).status?.rolledBack).toBeUndefined();
});

describe('there is no rollback', () => {
  test('where nothing was Green before: what an install has created stays', async () => {
    await tenant.apply('web', chart, { onFailure: ROLLBACK, values: { tag: 'broken' } });
    const red = await web.until(({ status }) => status?.health === 'Red');
    await sleep(3_000);
    expect(await tenant.configMap('app')).toEqual({ value: 'one' });
    const { status } = await web.get();
    expect(status).toMatchObject({ version: 1, operation: { type: 'Install' } });
    expect(status?.rolledBack).toBeUndefined();
    expect(red.metadata.uid).toBe((await web.get()).metadata.uid);
  });

  test('where it breaks after it was Green', async () => {
    await install({ onFailure: ROLLBACK });
    await web.patch({ values: { value: 'two' } });
    await web.inForce(2);
    await tenant.kubectl('create', 'quota', 'none', '--hard=pods=0');
    await tenant.kubectl('delete', 'pod', '--selector=app=app');
    await web.until(({ status }) => status?.health === 'Red');
    await sleep(4_000);
    const { status } = await web.get();
    expect(status).toMatchObject({ version: 2, health: 'Red', operation: { type: 'Upgrade', version: 2 } });
    expect(status?.rolledBack).toBeUndefined();
  });

  test('where somebody rolled back by hand', async () => {
    await install({ onFailure: ROLLBACK, values: { door: 'LoadBalancer' }, timeout: '1s' }, false);
    await web.until(({ status }) => status?.operation?.phase === 'Done');
    // The hook of an upgrade has to end within it, too.
    await web.patch({ values: { value: 'two' }, timeout: '1m' });
    await web.patch({ values: { value: 'two', door: null } });
    await web.until(({ status }) => status?.lastGreen === status?.version && (status?.version ?? 0) > 1);
    await web.patch({ version: 1, onFailure: { redTimeout: '1s' }, timeout: '1s' });
    await web.until(({ status }) => conditionReason(status) === 'TimedOut');
    await sleep(2_000);
    expect((await web.get()).status).toMatchObject({ version: 1, operation: { type: 'Rollback' } });
  });
});

describe('with Retry, a failed hook', () => {
  test('runs again as often as allowed, then waits for somebody; an edit restarts the count', async () => {
    // Long enough to be seen waiting.
    await install({ onFailure: { strategy: 'Retry', retries: 1, delay: '5s' } });
    await web.patch({ values: { fails: true } });
    const waiting = await web.until(({ status }) => /runs again at/.test(status?.message ?? ''));
    expect(waiting.status?.health).toBe('Yellow');
    expect(conditionOf(waiting, 'Reconciling')?.status).toBe('True');
    const given = await web.until((release) => conditionOf(release, 'Stalled')?.reason === 'HookFailed');
    expect(given.status).toMatchObject({ version: 1, health: 'Red', operation: { failure: { times: 2 } } });
    await web.patch({ timeout: '7m' });
    const again = await web.until(
      ({ status }) => status?.operation?.failure?.times === 2 && status.operation.failure.at !== failedAt(given),
    );
    expect(again.status?.version).toBe(1);
  });
});

test('the result is what Helm leaves after a failed upgrade with --rollback-on-failure, except for the number', async () => {
  await install({ onFailure: ROLLBACK });
  await web.patch({ values: { value: 'two', fails: true } });
  await rolledBack();
  const beside = await coxswain.tenant();
  const helm = helmOn(coxswain, 'v4');
  const reference = [`${chart.registry}/${chart.name}`, '--plain-http'];
  await helm(beside, 'install', 'web', ...reference);
  const upgrade = helm(beside, 'upgrade', 'web', ...reference, '--set=value=two,fails=true', '--rollback-on-failure');
  await expect(upgrade).rejects.toThrow('pre-upgrade');
  expect(await tenant.configMap('app')).toEqual(await beside.configMap('app'));
  const rows = JSON.parse(await helm(beside, 'history', 'web', '--output=json')) as { revision: number }[];
  expect(rows.at(-1)?.revision).toBe(3);
  expect((await web.get()).status?.version).toBe(1);
});

async function install(spec: Record<string, unknown>, untilReady = true): Promise<void> {
  await tenant.apply('web', chart, spec);
  if (untilReady) await web.ready();
}

async function rolledBack(): Promise<Release> {
  return web.until(({ status }) => isBack(status));
}

function isBack(status: ReleaseStatus | undefined): boolean {
  return conditionReason(status) === 'RolledBack';
}

function conditionReason(status: ReleaseStatus | undefined): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.reason;
}

function at(status: ReleaseStatus | undefined): string | undefined {
  return status?.rolledBack?.at;
}

function failedAt({ status }: Release): string | undefined {
  return status?.operation?.failure?.at;
}

/** What the chart's objects say that its values decide. */
async function stateOf(): Promise<unknown[]> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'configmap,deployment,service,job');
  return items
    .filter(({ metadata }) => ['app', 'door', 'fixed'].includes(metadata.name ?? ''))
    .map((object) => [object.kind, object['data'], imagesIn(object), doorOf(object)]);
}

function imagesIn(object: KubeObject): string[] {
  return [...JSON.stringify(object['spec'] ?? {}).matchAll(/"image":"([^"]*)"/g)].map(([, image = '']) => image);
}

function doorOf({ kind, spec }: KubeObject & { spec?: unknown }): unknown {
  return kind === 'Service' ? (spec as { type?: string }).type : undefined;
}
