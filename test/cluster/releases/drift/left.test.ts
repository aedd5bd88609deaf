import { beforeEach, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { countedWhenQuiet, describeRequest, markAudit, untilQuiet } from '../../../support/cluster/audit.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// Drift that is reported or ignored, and not corrected.

const HACK = ['patch', 'configmap', 'web', '--type=merge', '--patch={"data":{"greeting":"hacked"}}'];

const coxswain = story();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

async function installed(drift: string): Promise<ReleaseView> {
  const web = await tenant.apply('web', await coxswain.push(webChart()), { drift });
  await web.ready();
  return web;
}

function childHealth(release: Release, kind: string): string | undefined {
  return release.status?.resources?.find((row) => row.kind === kind)?.health;
}

async function driftEvents(): Promise<string[]> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'events');
  const told = items as (KubeObject & { reason: string; message: string })[];
  return told.flatMap(({ reason, message }) => (reason.startsWith('Drift') ? [`${reason}: ${message}`] : []));
}

test('with Report, drift is reported with its field and who set it, costs one write of the status, and stays', async () => {
  const web = await installed('Report');
  expect(conditionOf(await web.get(), 'Drifted')).toMatchObject({ status: 'False', reason: 'InSync' });
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await tenant.kubectl(...HACK);
  const told = await web.until((release) => conditionOf(release, 'Drifted')?.status === 'True');
  const message = 'ConfigMap/web was changed by kubectl-patch: /data/greeting';
  expect(conditionOf(told, 'Drifted')).toMatchObject({ reason: 'DriftDetected', message });
  expect(conditionOf(told, 'Ready')).toMatchObject({ status: 'True' });
  const sent = await countedWhenQuiet('coxswain', mark);
  expect(sent.map(describeRequest)).toEqual(['patch releases/web/status']);
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'hacked' });
  const events = await eventually(driftEvents, (seen) => seen.length > 0);
  expect(events).toEqual([`DriftDetected: ${message}`]);
});

test('an edit from Report to Repair corrects all that was reported, and makes no version', async () => {
  const web = await installed('Report');
  await tenant.kubectl(...HACK);
  await tenant.kubectl('set', 'image', 'deployment/web', 'app=example.com/app:2');
  const image = '/spec/template/spec/containers/0/image';
  const all = `ConfigMap/web was changed by kubectl-patch: /data/greeting; Deployment/web was changed by kubectl-set: ${image}`;
  await web.until((release) => conditionOf(release, 'Drifted')?.message === all);
  await web.patch({ drift: 'Repair' });
  await eventually(
    () => tenant.configMap('web'),
    (data) => data?.['greeting'] === 'hello',
  );
  const repaired = await web.until((release) => conditionOf(release, 'Drifted') === undefined);
  expect(repaired.status?.version).toBe(1);
});

test('with Report, a deleted child is reported and Red, and restored by the next version and by a rollback', async () => {
  const web = await installed('Report');
  await tenant.kubectl('delete', 'service', 'web');
  const told = await web.until((release) => conditionOf(release, 'Drifted')?.status === 'True');
  expect(conditionOf(told, 'Drifted')?.message).toBe('Service/web does not exist');
  expect(childHealth(told, 'Service')).toBe('Red');
  expect(conditionOf(told, 'Ready')).toMatchObject({ status: 'False', reason: 'Unhealthy' });
  await web.patch({ values: { tag: '2' } });
  const upgraded = await web.inForce(2);
  expect(conditionOf(upgraded, 'Drifted')?.status).toBe('False');
  await tenant.kubectl('delete', 'service', 'web');
  await web.until((release) => childHealth(release, 'Service') === 'Red');
  await web.patch({ version: 1 });
  await web.inForce(1);
  expect(await tenant.kubectl('get', 'service', 'web', '-o', 'name')).toMatch('service/web');
});

test('with Ignore, drift is neither reported nor corrected, and health says what is missing', async () => {
  const web = await installed('Ignore');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await tenant.kubectl(...HACK);
  expect((await countedWhenQuiet('coxswain', mark)).map(describeRequest)).toEqual([]);
  await tenant.kubectl('delete', 'service', 'web');
  const seen = await web.until((release) => childHealth(release, 'Service') === 'Red');
  expect(conditionOf(seen, 'Drifted')).toBeUndefined();
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'hacked' });
  expect(await driftEvents()).toEqual([]);
  await web.patch({ values: { tag: '2' } });
  await web.inForce(2);
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'hello' });
});

test('with Report, drift of the version in force also stays where the next one fails in its hooks', async () => {
  const migrate = hookJob({ name: 'migrate', events: 'pre-upgrade', failsIf: '.Values.fails' });
  const chart = chartOf('migrated', [configMap('app', 'value'), migrate], 'fails: false\nvalue: one\n');
  const web = await tenant.apply('web', await coxswain.push(chart), { drift: 'Report' });
  // Whatever was just applied as a whole does not differ: the status that says Ready says that too.
  expect(conditionOf(await web.ready(), 'Drifted')).toMatchObject({ status: 'False', reason: 'InSync' });
  await web.patch({ values: { fails: true, value: 'two' } });
  await web.failed('HookFailed');
  await tenant.kubectl('delete', 'configmap', 'app');
  const told = await web.until((release) => conditionOf(release, 'Drifted')?.status === 'True');
  expect(conditionOf(told, 'Drifted')?.message).toBe('ConfigMap/app does not exist');
  expect(conditionOf(told, 'Ready')?.reason).toBe('HookFailed');
  expect(await tenant.configMap('app')).toBeUndefined();
  await web.patch({ hooks: 'Skip' });
  await web.inForce(2);
  expect(await tenant.configMap('app')).toEqual({ value: 'two' });
});

test.each(['Report', 'Ignore'])('with %s, a restart leaves drift, and a deletion deletes', async (drift) => {
  const web = await installed(drift);
  await tenant.kubectl('delete', 'service', 'web');
  await web.until((release) => childHealth(release, 'Service') === 'Red');
  // Details of a status follow within seconds.
  await untilQuiet(coxswain.controlPlane);
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await coxswain.restart();
  const sent = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  expect(sent.filter((request) => !/^(?:get|list) /.test(request))).toEqual([]);
  await web.delete();
  expect(await tenant.configMap('web')).toBeUndefined();
});
