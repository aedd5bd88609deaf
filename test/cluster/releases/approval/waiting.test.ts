import { beforeEach, expect, test } from '@jest/globals';
import type { ReleasePlan } from '../../../../crds/index.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { countedWhenQuiet, describeRequest, markAudit, untilQuiet } from '../../../support/cluster/audit.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// What a plan costs and tells while it waits.

const coxswain = story();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

test('a waiting plan makes no requests, and stays the same while statuses and labels of other objects change', async () => {
  const web = await installed();
  await web.patch({ values: { tag: '2' } });
  const { digest } = await planned(web);
  await untilQuiet(coxswain.controlPlane);
  const mark = await markAudit(coxswain.controlPlane, { namespace: tenant.namespace });
  await tenant.kubectl('label', 'deployment', 'web', 'others=own');
  await tenant.kubectl('delete', 'pod', '--all', '--wait=false');
  const asked = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  expect(asked.filter((request) => request !== 'patch releases/web/status')).toEqual([]);
  expect((await planned(web)).digest).toBe(digest);
  await web.patch({ approvedPlan: digest });
  await web.inForce(2);
  const image = await tenant.kubectl('get', 'deployment', 'web', '--output=jsonpath={..containers[0].image}');
  expect(image).toBe('example.com/app:2');
});

test('a value from a Secret appears nowhere in a plan', async () => {
  const secret = async (greeting: string): Promise<void> =>
    tenant.kubectl.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'values', namespace: tenant.namespace },
      stringData: { greeting },
    });
  await secret('first-secret-text');
  const valuesFrom = [{ kind: 'Secret', name: 'values', key: 'greeting', targetPath: 'greeting' }];
  const web = await installed({ valuesFrom });
  await secret('other-secret-text');
  const { status } = await web.until((release) => release.status?.plan !== undefined);
  expect(status?.plan?.changes).toContainEqual(
    expect.objectContaining({ path: '/data/greeting', from: '***', to: '***' }),
  );
  const told = JSON.stringify(status) + (await tenant.kubectl('get', 'events', '--output=yaml'));
  expect(told).not.toMatch(/(first|other)-secret-text/);
});

test('a plan reports what would be refused, and is made again once it would not be', async () => {
  const web = await installed();
  await tenant.kubectl('create', 'quota', 'full', '--hard=count/configmaps=2');
  await tenant.kubectl('wait', 'quota/full', '--for=jsonpath={.status.used}', '--timeout=90s');
  await web.patch({ values: { extra: 'more' } });
  const refused = await planned(web);
  expect(refused).toMatchObject({ counts: { refused: 1 }, refusals: [{ object: 'ConfigMap/web-extra' }] });
  await tenant.kubectl('delete', 'quota', 'full');
  const anew = await planned(web, ({ counts }) => counts.refused === 0);
  expect(anew).toMatchObject({ counts: { create: 1 }, replaces: refused.digest });
});

test('an approved operation waits if the spec turns it into one other than was approved', async () => {
  const migrate = hookJob({ name: 'migrate', events: 'pre-upgrade', spec: 'suspend: true' });
  const chart = await coxswain.push(chartOf('migrated', [configMap('web', 'value'), migrate], 'value: one\n'));
  const web = await tenant.apply('web', chart);
  await web.inForce(1);
  await web.patch({ approval: 'Manual', values: { value: 'two' } });
  const { digest } = await planned(web);
  await web.patch({ approvedPlan: digest });
  await web.until(({ status }) => status?.hooks?.some(({ phase }) => phase === 'Running') ?? false);
  const allowRecreate = [{ kind: 'PersistentVolumeClaim', name: 'data' }];
  await web.patch({ allowRecreate });
  const held = await web.failed('ApprovalAwaited');
  expect(held.message).toMatch(/^version 2 waits: .*allowRecreate was edited after it was begun/);
  await tenant.kubectl('patch', 'job', 'migrate', '--type=merge', '--patch={"spec":{"suspend":false}}');
  await tenant.kubectl('wait', 'job/migrate', '--for=condition=complete', '--timeout=60s');
  await web.patch({ timeout: '4m' });
  await web.until(({ metadata, status }) => status?.observedGeneration === metadata.generation);
  expect(await tenant.configMap('web')).toEqual({ value: 'one' });
  await web.patch({ allowRecreate: null });
  await web.inForce(2);
  expect(await tenant.configMap('web')).toEqual({ value: 'two' });
});

async function installed(spec: Record<string, unknown> = {}): Promise<ReleaseView> {
  const web = await tenant.apply('web', await coxswain.push(webChart()), spec);
  await web.inForce(1);
  await web.patch({ approval: 'Manual' });
  await web.ready();
  return web;
}

async function planned(web: ReleaseView, isMeant: (plan: ReleasePlan) => boolean = () => true): Promise<ReleasePlan> {
  const { status } = await web.until((release) => {
    const { plan } = release.status ?? {};
    return conditionOf(release, 'Ready')?.reason === 'ApprovalAwaited' && plan !== undefined && isMeant(plan);
  });
  if (!status?.plan) throw new Error('no plan');
  return status.plan;
}
