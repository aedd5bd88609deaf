import { beforeEach, expect, test } from '@jest/globals';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { kubectlFor } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { pathWith, PLUGINS } from '../../../support/command/command.ts';

// A token in the annotation coxswain.dev/reconcile. The intervals are such that nothing else could move these Releases.

const FAR = { interval: '24h' };

const coxswain = story();
let tenant: Tenant;
let charts = 0;
/** A chart of its own for each test. */
let chart: string;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  chart = `now-${++charts}`;
});

async function follow(version: string): Promise<ReleaseView> {
  const pushed = await coxswain.push({ ...webChart(), name: chart });
  const web = await tenant.apply('web', { ...pushed, version }, FAR);
  await web.ready();
  return web;
}

async function ask(token: string): Promise<void> {
  await tenant.kubectl('annotate', 'release', 'web', '--overwrite', `coxswain.dev/reconcile=${token}`);
}

async function isAnswered(web: ReleaseView, token: string): Promise<void> {
  await web.until(({ status }) => status?.lastHandledReconcile === token);
}

test('resolves the range again, and repeats the token', async () => {
  const web = await follow('^1.0.0');
  await coxswain.push({ ...webChart('1.1.0'), name: chart });
  await ask('first');
  const moved = await web.inForce(2);
  expect(moved.status?.chart?.version).toBe('1.1.0');
  expect(moved.status?.lastHandledReconcile).toBe('first');
});

test.each(['1.0.0', '^1.0.0'])(
  'with %s and nothing changed, costs one write of the status for each token',
  async (version) => {
    const web = await follow(version);
    const mark = await markAudit(coxswain.controlPlane, tenant);
    await ask('first');
    await isAnswered(web, 'first');
    await ask('first');
    await ask('second');
    await isAnswered(web, 'second');
    const sent = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
    expect(sent).toEqual(Array.from({ length: 2 }, () => 'patch releases/web/status'));
    expect(await web.histories()).toHaveLength(1);
  },
);

test('makes at once a correction that is delayed because somebody keeps undoing it', async () => {
  const web = await follow('1.0.0');
  const greeting = async (): Promise<string | undefined> => (await tenant.configMap('web'))?.['greeting'];
  for (const value of ['a', 'b', 'c', 'd']) {
    await tenant.kubectl('patch', 'configmap', 'web', '--type=merge', `--patch={"data":{"greeting":"${value}"}}`);
    if (value !== 'd') await eventually(greeting, (now) => now === 'hello');
  }
  await web.failed('DriftContested');
  expect(await greeting()).toBe('d');
  await ask('first');
  await isAnswered(web, 'first');
  await eventually(greeting, (now) => now === 'hello');
  await web.ready();
});

test('waits while suspended', async () => {
  const web = await follow('1.0.0');
  await web.patch({ suspend: true });
  await web.until((release) => conditionOf(release, 'Ready')?.reason === 'Suspended');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await ask('first');
  expect(await countedWhenQuiet('coxswain', mark)).toEqual([]);
  await web.patch({ suspend: false });
  await isAnswered(web, 'first');
});

test('is requested by kubectl release reconcile, which waits for it, and leaves a suspended Release alone', async () => {
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  const web = await follow('^1.0.0');
  await coxswain.push({ ...webChart('1.1.0'), name: chart });
  const args = ['release', 'reconcile', 'web', '-n', tenant.namespace];
  const told = await kubectl(...args, '--wait');
  expect(told).toMatch(/^release\.coxswain\.dev\/web reconcile requested\n.*Green {2}version 2 {2}/);
  const { metadata, status } = await web.get();
  expect(status).toMatchObject({ version: 2, chart: { version: '1.1.0' } });
  expect(status?.lastHandledReconcile).toBe(metadata.annotations?.['coxswain.dev/reconcile']);
  await web.patch({ suspend: true });
  const refused = await kubectl.attempt(args);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('release "web" is suspended');
});
