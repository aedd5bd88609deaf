import { beforeAll, describe, expect, test } from '@jest/globals';
import { countedWhenQuiet, describeRequest, markAudit, type TimedRequest } from '../../../support/cluster/audit.ts';
import type { ChartParts } from '../../../support/charts/chart-builder.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// What the controller asks of the API server, by its audit log; watches, leases and events are not counted.

/** Beside one for each object. */
const INSTALL_BUDGET = 6;
const UPGRADE_BUDGET = 6;
const ROLLBACK_BUDGET = 4;
/** Details of a status are written this far apart. */
const DETAIL_PAUSE_MS = 2_000;
const TOUCHED = {
  type: 'Touched',
  status: 'True',
  reason: 'Test',
  message: '',
  lastTransitionTime: '2020-01-01T00:00:00Z',
};
const SERVICE_STATUS = JSON.stringify({ status: { conditions: [TOUCHED] } });
/** /version, /api and /apis: what the API server serves. */
const DISCOVERY_READS = 3;

const CONFIG_MAPS = `{{- range $i := until 22 }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ $i }}
data:
  greeting: {{ $.Values.greeting | quote }}
{{- end }}
`;

const SMALL = webChart();
const LARGE: ChartParts = { ...SMALL, name: 'fleet', templates: { ...SMALL.templates, 'many.yaml': CONFIG_MAPS } };

const coxswain = story();

describe.each([
  { objects: 3, parts: SMALL },
  { objects: 25, parts: LARGE },
])('a chart of $objects objects', ({ objects, parts }) => {
  let web: ReleaseView;
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = await coxswain.tenant();
    web = tenant.release('web');
  });

  test('is installed with at most as many requests as it has objects, plus 6', async () => {
    const chart = await coxswain.push(parts);
    const sent = await requestsWhile(async () => {
      await tenant.apply('web', chart);
      await web.ready();
    });
    expect((await web.get()).status?.resources).toHaveLength(objects);
    expectAtMost(objects + INSTALL_BUDGET, sent);
  });

  test('is upgraded in one field with at most 6', async () => {
    const sent = await requestsWhile(async () => {
      await web.patch({ values: { tag: '2' } });
      await web.until(({ status }) => status?.version === 2);
      await web.ready();
    });
    expectAtMost(UPGRADE_BUDGET, sent);
  });

  test('is rolled back with at most 4', async () => {
    const sent = await requestsWhile(async () => {
      await web.patch({ version: 1 });
      await web.until(({ status }) => status?.version === 1);
      await web.ready();
    });
    expectAtMost(ROLLBACK_BUDGET, sent);
  });

  test('is upgraded with at most 7, even when the oldest version is pruned', async () => {
    await web.patch({ historyLimit: 2 });
    // What the status tells of that edit is not counted.
    await web.ready();
    const sent = await requestsWhile(async () => {
      await web.patch({ values: { tag: '3' } });
      await web.until(({ status }) => status?.version === 3);
      await web.ready();
    });
    expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([2, 3]);
    expectAtMost(UPGRADE_BUDGET + 1, sent);
  });

  test('costs no request where there is nothing to do', async () => {
    const { kubectl } = tenant;
    const sent = await requestsWhile(async () => {
      await kubectl('label', 'release', 'web', 'touched=yes');
      await kubectl('label', 'deployment', 'web', 'touched=yes');
      await kubectl('label', 'pods', '--all', 'touched=yes');
      const patch = ['--subresource=status', '--type=merge', `--patch=${SERVICE_STATUS}`];
      await kubectl('patch', 'service', 'web', ...patch);
      await kubectl('annotate', 'namespace', tenant.namespace, 'touched=yes');
      await kubectl('create', 'configmap', 'bystander');
    });
    expect(sent).toEqual([]);
  });
});

test.each([
  { objects: 3, parts: SMALL },
  { objects: 25, parts: LARGE },
])(
  'a chart of $objects objects with three versions is deleted with at most as many requests, plus 3',
  async (given) => {
    const tenant = await coxswain.tenant();
    const chart = await coxswain.push(given.parts);
    const web = await tenant.apply('web', chart);
    await web.ready();
    for (const version of [2, 3]) {
      await web.patch({ values: { tag: `${version}` } });
      await web.until(({ status }) => status?.version === version);
      await web.ready();
    }
    const sent = await requestsWhile(async () => {
      await tenant.kubectl('delete', 'release', 'web');
    });
    expectAtMost(given.objects + 3, sent);
  },
);

test('Releases of one account that arrive together check its rights once', async () => {
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(SMALL);
  const names = ['a', 'b', 'c', 'd', 'e'];
  const sent = await requestsWhile(async () => {
    for (const name of names) await tenant.apply(name, chart);
    for (const name of names) await tenant.release(name).ready();
  });
  const reviews = sent.filter(({ objectRef }) => objectRef?.resource === 'selfsubjectrulesreviews');
  expect(reviews.length).toBeLessThan(names.length);
});

test('a starting controller reads what is served, the ranges of Services and the record of each Release, and writes nothing', async () => {
  const { kubectl } = coxswain;
  const releases = (await kubectl('get', 'releases', '--all-namespaces', '--output=name')).trim().split('\n').length;
  await coxswain.controller.stop();
  const requests = await requestsWhile(async () => {
    await coxswain.restart();
  });
  const sent = requests.map(describeRequest);
  const reads = sent.filter((request) => request.startsWith('get '));
  const ranges = sent.filter((request) => request.startsWith('list servicecidrs'));
  expect(ranges).toHaveLength(1);
  expect(sent).toHaveLength(reads.length + 1);
  expect(reads.filter((request) => request.startsWith('get /'))).toHaveLength(DISCOVERY_READS);
  expect(reads.filter((request) => request.startsWith('get secrets/'))).toHaveLength(releases);
  expect(reads).toHaveLength(DISCOVERY_READS + releases);
});

/** What the controller asked while something was done, and until it was quiet after it. */
async function requestsWhile(work: () => Promise<void>): Promise<TimedRequest[]> {
  const mark = await markAudit(coxswain.controlPlane);
  await work();
  return countedWhenQuiet('coxswain', mark);
}

/** For each pause between details of a status that it took until all was ready, one more is right. */
function expectAtMost(budget: number, requests: readonly TimedRequest[]): void {
  const times = requests
    .filter(({ objectRef }) => objectRef?.resource === 'releases' && objectRef.subresource === 'status')
    .map(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp));
  const pauses = times.length < 2 ? 0 : Math.floor((Math.max(...times) - Math.min(...times)) / DETAIL_PAUSE_MS);
  const sent = requests.map(describeRequest);
  expect({ sent, isWithinBudget: sent.length <= budget + pauses }).toEqual({ sent, isWithinBudget: true });
}
