import { beforeEach, expect, test } from '@jest/globals';
import type { Release, TestRun } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { countedOf, markAudit, requestsSince } from '../../../support/cluster/audit.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { kubectlFor, type Outcome } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { pathWith, PLUGINS } from '../../../support/command/command.ts';

// The tests of a chart: after an install or an upgrade, and when somebody asks. A suspended Job stands for a test that does not end.

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: door}
spec: {type: {{ .Values.door }}, ports: [{port: 80}]}
`;
const VALUES = 'value: one\nfails: false\nheld: false\ndoor: ClusterIP\n';
const ENABLED = { tests: { enable: true } };

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;
let chart: StoredChart;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
  const smoke = hookJob({ name: 'smoke', events: 'test', weight: 1, failsIf: '.Values.fails' });
  const second = hookJob({ name: 'second', events: 'test', weight: 2, spec: 'suspend: {{ .Values.held }}' });
  chart = await coxswain.push(chartOf('tested', [configMap('app', 'value'), SERVICE, smoke, second], VALUES));
});

test('run in order after an install and an upgrade, before the version is ready, and a failed one runs once', async () => {
  await tenant.apply('web', chart, ENABLED);
  const { status } = await web.ready();
  expect(told(status?.tests)).toEqual(['smoke Succeeded', 'second Succeeded']);
  expect(status).toMatchObject({
    operation: { phase: 'Done' },
    tests: { version: 1, phase: 'Succeeded', completedAt: expect.any(String) },
    history: [{ version: 1, tests: 'Succeeded' }],
  });
  for (const { startedAt, completedAt } of status?.tests?.results ?? [])
    expect(Date.parse(completedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(startedAt ?? ''));

  await web.patch({ values: { fails: true, value: 'two' } });
  const { message } = await web.failed('TestFailed');
  expect(message).toMatch(/^test: hook Job\/smoke: .*kubectl release test/);
  const failed = await web.until(({ status: now }) => now?.tests?.phase === 'Failed');
  expect(failed.status).toMatchObject({ version: 2, health: 'Red', operation: { type: 'Upgrade', phase: 'Testing' } });
  expect(told(failed.status?.tests)).toEqual(['smoke Failed']);
  expect(await tenant.configMap('app')).toEqual({ value: 'two' });
  const uid = await uidOf('smoke');

  const again = await plugin('test', 'web');
  expect(again).toMatchObject({ code: 1, stdout: expect.stringMatching(/Job\/smoke +Failed/) });
  expect(await uidOf('smoke')).not.toBe(uid);

  await web.patch({ values: { fails: false, value: 'three' } });
  const mended = await web.inForce(3);
  expect(told(mended.status?.tests)).toEqual(['smoke Succeeded', 'second Succeeded']);
  expect(mended.status?.history?.map(({ version, tests, unfinished }) => [version, tests, unfinished])).toEqual([
    [3, 'Succeeded', undefined],
    [2, 'Failed', true],
    [1, 'Succeeded', undefined],
  ]);
});

test('a version whose tests fail is rolled back, and the tests of the previous version do not run again', async () => {
  await tenant.apply('web', chart, { ...ENABLED, onFailure: { strategy: 'Rollback' } });
  await web.ready();
  const uid = await uidOf('second');
  await web.patch({ values: { fails: true } });
  const back = await web.until(({ status }) => conditionOf({ status } as Release, 'Stalled')?.reason === 'RolledBack');
  expect(back.status).toMatchObject({
    version: 1,
    health: 'Green',
    rolledBack: { version: 2, to: 1, reason: 'TestFailed', message: expect.stringMatching(/^test Job\/smoke: /) },
    operation: { type: 'Rollback', phase: 'Done' },
    tests: { version: 2, phase: 'Failed' },
  });
  expect(await uidOf('second')).toBe(uid);
});

test('failures can be ignored, and filters leave tests out', async () => {
  const tests = { enable: true, ignoreFailures: true, filters: [{ name: 'second', exclude: true }] };
  await tenant.apply('web', chart, { tests, values: { fails: true } });
  const { status } = await web.ready();
  expect(status).toMatchObject({ health: 'Green', tests: { phase: 'Failed' } });
  await web.patch({ values: { fails: false } });
  expect(told((await web.inForce(2)).status?.tests)).toEqual(['smoke Succeeded']);
  expect(await uidOf('second')).toBe('');
});

test('they wait until every object is Green, and a test that does not end in time has failed', async () => {
  // The first one has to end in time on a busy machine, too.
  const tests = { enable: true, timeout: '15s' };
  await tenant.apply('web', chart, { tests, values: { door: 'LoadBalancer', held: true } });
  const waiting = await web.until(({ status }) => status?.operation?.phase === 'Testing');
  expect(waiting.status).toMatchObject({ version: 1, health: 'Yellow', message: expect.stringContaining('door') });
  expect(waiting.status).not.toHaveProperty('tests');
  expect(await uidOf('smoke')).toBe('');
  const address = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } };
  await tenant.kubectl(
    'patch',
    'svc',
    'door',
    '--subresource=status',
    '--type=merge',
    `--patch=${JSON.stringify(address)}`,
  );
  const { message } = await web.failed('TestFailed');
  expect(message).toContain('hook Job/second: has not ended within 15s: is suspended');
  expect(told((await web.get()).status?.tests)).toEqual(['smoke Succeeded', 'second Failed']);
});

test('they run on request, with the account of the Release, and nothing else depends on them', async () => {
  const mark = await markAudit(coxswain.controlPlane, { namespace: tenant.namespace });
  await tenant.apply('web', chart);
  const before = await web.ready();
  expect(before.status).not.toHaveProperty('tests');
  expect(countedOf('coxswain', jobsAmong(await requestsSince(mark)))).toEqual([]);

  const all = await plugin('test', 'web', '--logs');
  expect(all).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Job\/smoke +Succeeded[^]*Job\/second +Succeeded/),
  });
  const ours = countedOf('coxswain', jobsAmong(await requestsSince(mark)));
  const users = ours.map(({ impersonatedUser }) => impersonatedUser?.username);
  expect(new Set(users)).toEqual(new Set([`system:serviceaccount:${tenant.namespace}:default`]));
  const one = await uidOf('second');
  expect(await plugin('test', 'web', '--filter', 'name=smoke')).toMatchObject({ code: 0 });
  expect(await uidOf('second')).toBe(one);
  expect(await plugin('test', 'web', '--filter', 'name=other')).toMatchObject({
    code: 1,
    stdout: 'version 1 has no such tests\n',
  });

  await web.patch({ values: { fails: true } });
  await web.inForce(2);
  expect(await plugin('test', 'web')).toMatchObject({ code: 1, stdout: expect.stringMatching(/Job\/smoke +Failed/) });
  const { status } = await web.get();
  expect(status).toMatchObject({
    health: 'Green',
    operation: { phase: 'Done' },
    tests: { version: 2, phase: 'Failed' },
  });
  expect(conditionOf({ status } as Release, 'Ready')?.status).toBe('True');

  await web.patch({ suspend: true });
  await web.until(({ spec }) => spec.suspend);
  expect(await plugin('test', 'web')).toMatchObject({ code: 1, stderr: expect.stringContaining('is suspended') });
  await web.patch({ suspend: false });
});

test('what the account may not do is reported to whoever asked, and the Release stays ready', async () => {
  tenant = await coxswain.tenant({ rights: 'none' });
  web = tenant.release('web');
  await tenant.grant('get,list,watch,create,patch,delete', 'configmaps,services');
  await tenant.apply('web', chart);
  await web.ready();
  const refused = await plugin('test', 'web');
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/forbidden|may not/i) });
  expect(conditionOf(await web.get(), 'Ready')?.status).toBe('True');
  await tenant.grant('get,list,watch,create,patch,delete', 'jobs');
  expect(await plugin('test', 'web')).toMatchObject({ code: 0 });
});

test('a restarted controller continues with a test that runs, and repeats none that failed', async () => {
  await tenant.apply('web', chart, { ...ENABLED, values: { held: true } });
  const running = await web.until(({ status }) => told(status?.tests).includes('second Running'));
  const uids = [await uidOf('smoke'), await uidOf('second')];
  await coxswain.restart();
  await tenant.kubectl('patch', 'job', 'second', '--type=merge', '--patch={"spec":{"suspend":false}}');
  const { status } = await web.ready();
  expect(status?.tests).toMatchObject({ phase: 'Succeeded', startedAt: running.status?.tests?.startedAt });
  expect([await uidOf('smoke'), await uidOf('second')]).toEqual(uids);

  await web.patch({ values: { fails: true } });
  await web.failed('TestFailed');
  const failed = await uidOf('smoke');
  await coxswain.restart();
  await tenant.kubectl('annotate', 'release', 'web', 'coxswain.dev/reconcile=again');
  await web.until(({ status: now }) => now?.lastHandledReconcile === 'again');
  expect(await uidOf('smoke')).toBe(failed);
  expect(conditionOf(await web.get(), 'Stalled')?.reason).toBe('TestFailed');
});

async function plugin(...args: readonly string[]): Promise<Outcome> {
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  return kubectl.attempt(['release', ...args, '-n', tenant.namespace]);
}

function told(tests: TestRun | undefined): string[] {
  return (tests?.results ?? []).map(({ name, phase }) => `${name} ${phase}`);
}

function jobsAmong<T extends { objectRef?: { resource?: string } }>(requests: readonly T[]): T[] {
  return requests.filter(({ objectRef }) => objectRef?.resource === 'jobs');
}

async function uidOf(job: string): Promise<string> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'jobs');
  return items.find(({ metadata }) => metadata.name === job)?.metadata.uid ?? '';
}
