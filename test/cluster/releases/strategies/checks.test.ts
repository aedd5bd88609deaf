import { beforeEach, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { COLOUR_CHART } from '../../../support/charts/colour-chart.ts';
import { hookJob } from '../../../support/charts/hook-charts.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { describeRequest, markAudit, requestsSince, type AuditMark } from '../../../support/cluster/audit.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

// What is checked of a new colour before the cut. No pod makes a request here: that is shown on a real node.

const BLUE_GREEN = {
  type: 'BlueGreen',
  service: 'web',
  preview: 'web-next',
  checks: [{ tests: true }, { http: { path: '/healthz', image: 'example.com/curl:1' } }],
};

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;
let chart: StoredChart;

beforeEach(async () => {
  const smoke = hookJob({ name: 'smoke', events: 'test', failsIf: 'eq .Values.tag "bad"' });
  const templates = { ...COLOUR_CHART.templates, 'smoke.yaml': smoke };
  chart = await coxswain.push({ ...COLOUR_CHART, name: 'checked', templates });
  tenant = await coxswain.tenant();
  web = tenant.release('web');
});

/** The writes of the Service and of the Jobs since, in their order. */
async function writesSince(mark: AuditMark): Promise<string[]> {
  const writes = (await requestsSince(mark)).map(describeRequest);
  return writes.filter((write) => /^(create|patch) (services\/web$|jobs)/.test(write));
}

function told({ status }: Release): string[] | undefined {
  return status?.tests?.results.map(({ name, phase }) => `${name} ${phase}`);
}

test('a new colour is checked once through the preview Service, before the cut', async () => {
  await tenant.apply('web', chart, { strategy: BLUE_GREEN });
  expect(told(await web.inForce(1))).toEqual(['smoke Succeeded']);
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ values: { tag: '2' } });
  const release = await web.inForce(2);
  expect(told(release)).toEqual(['web-next-check-1 Succeeded', 'smoke Succeeded']);
  expect((await writesSince(mark)).at(-1)).toBe('patch services/web');
  const next = await tenant.kubectl.json<{ spec: { clusterIP: string } }>('get', 'service', 'web-next');
  const smoke = await tenant.kubectl.json<KubeObject>('get', 'job', 'smoke');
  expect(smoke).toMatchObject({
    spec: {
      template: {
        spec: { hostAliases: [{ ip: next.spec.clusterIP, hostnames: expect.arrayContaining(['web']) }] },
      },
    },
  });

  await web.patch({ version: 1 });
  const back = await web.inForce(1);
  expect(back.status?.tests).toEqual(release.status?.tests);
});

test('where a check fails, the version in force keeps serving until the check succeeds or the version is rolled back', async () => {
  await tenant.apply('web', chart, { strategy: BLUE_GREEN });
  await web.inForce(1);
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await web.patch({ values: { tag: 'bad' } });
  const { message } = await web.failed('TestFailed');
  expect(message).toMatch(/^check: hook Job\/smoke: .*the version in force goes on serving/);
  const failed = await web.until(({ status }) => status?.tests?.phase === 'Failed');
  expect(failed.status).toMatchObject({ version: 1, operation: { version: 2, phase: 'Beside' } });
  const uid = await uidOf('smoke');

  await web.patch({ timeout: '6m' });
  const begun = failed.status?.tests?.startedAt;
  await web.until(({ status }) => status?.tests?.phase === 'Failed' && status.tests.startedAt !== begun);
  expect(await uidOf('smoke')).not.toBe(uid);

  await web.patch({ onFailure: { strategy: 'Rollback' } });
  const back = await web.until((release) => conditionOf(release, 'Ready')?.reason === 'RolledBack');
  expect(back.status).toMatchObject({ version: 1, rolledBack: { version: 2, to: 1, reason: 'TestFailed' } });
  expect((await writesSince(mark)).filter((write) => write === 'patch services/web')).toEqual([]);
});

async function uidOf(job: string): Promise<string | undefined> {
  return (await tenant.kubectl.json<KubeObject>('get', 'job', job)).metadata.uid;
}

test('on the way from Apply, where the Service selects both, a colour whose check failed is removed', async () => {
  await tenant.apply('web', chart);
  await web.inForce(1);
  await web.patch({ strategy: BLUE_GREEN, values: { tag: 'bad' } });
  await web.failed('TestFailed');
  const names = async (): Promise<string[]> =>
    (await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'deployment')).items.map(
      ({ metadata }) => metadata.name,
    );
  await eventually(names, (found) => found.join() === 'web');
  await web.patch({ strategy: { checks: [{ http: { path: '/', image: 'example.com/curl:1' } }] } });
  await web.inForce(2);
  expect(await names()).toEqual(['web', 'web-v2']);
});
