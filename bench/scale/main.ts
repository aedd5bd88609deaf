// Many Releases at once, compared with `kubectl create` of the same objects in the same minutes; see README.md.
import { setTimeout as sleep } from 'node:timers/promises';
import { startController, type RunningController } from '../../test/support/cluster/controller.ts';
import {
  countedOf,
  countedWhenQuiet,
  markAudit,
  requestsSince,
  untilQuiet,
  type TimedRequest,
} from '../../test/support/cluster/audit.ts';
import type { ChartParts } from '../../test/support/charts/chart-builder.ts';
import { pushParts, startInstallation } from '../../test/support/cluster/installation.ts';
import type { StoredChart } from '../../test/support/charts/registry.ts';
import { webChart } from '../../test/support/charts/web-chart.ts';
import { judge, print, reportMissed } from '../goals.ts';
import { usageOf, type Usage } from '../process-usage.ts';
import { readyTimesOf, untilReady } from './ready.ts';
import { objectsOf, releasesOf, tenants, type Load } from './load.ts';

const IDLE_MS = 60_000;
const BAD_NEIGHBOUR = 300;
const BYSTANDERS = 10;
const GOALS = { burstCpuSeconds: 7, wallRatio: 1.4, controllerMib: 150, neighbourRatio: 2 };

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {greeting: hello}
`;
const SMALL: ChartParts = { name: 'note', version: '1.0.0', templates: { 'note.yaml': CONFIG_MAP } };
const WEB = webChart();

const only = process.argv[2];
const AS_SHIPPED = { inPod: true };
const coxswain = await startInstallation(AS_SHIPPED);
const { kubectl, controlPlane } = coxswain;
let controller: RunningController = coxswain.controller;
try {
  const web = await pushParts(coxswain, WEB);
  const small = await pushParts(coxswain, SMALL);
  await untilQuiet(controlPlane);
  const idle = await usageOf(controller.pid);
  print(`at rest, nothing installed: ${memoryOf(idle)}`);
  if (only === 'neighbour') await badNeighbour(web, small);
  else {
    await burst('200 Releases of 3 objects, 10 tenants', 200, 10, web, WEB);
    if (only !== 'burst') await others(web, small);
  }
} finally {
  await controller.stop();
  await coxswain.stop();
}
reportMissed();

async function others(web: StoredChart, small: StoredChart): Promise<void> {
  await burst('1,000 Releases of one object, 20 tenants', 1_000, 20, small, SMALL);
  await burst('2,000 Releases of one object, 20 tenants', 2_000, 20, small, SMALL);
  await burst('500 Releases of one object, one tenant', 500, 1, small, SMALL);
  await rest();
  await restart();
  await badNeighbour(web, small);
}

/** Creates the objects by kubectl alone, then as many again by Releases, and prints both. */
async function burst(
  title: string,
  releases: number,
  namespaces: number,
  chart: StoredChart,
  parts: ChartParts,
): Promise<void> {
  const plain: Load = { releases, namespaces: await tenants(kubectl, namespaces) };
  const plainMs = await created(await objectsOf(plain, parts));
  await untilQuiet(controlPlane);
  const load: Load = { releases, namespaces: await tenants(kubectl, namespaces) };
  const before = await usageOf(controller.pid);
  const mark = await markAudit(controlPlane);
  const begun = Date.now();
  const submittedMs = await created(releasesOf(load, chart));
  await untilReady(kubectl, load);
  const ready = await readyTimesOf(kubectl, load, begun);
  const children = (await requestsSince(mark)).filter(
    ({ userAgent, verb, objectRef }) =>
      userAgent?.startsWith('coxswain') && verb === 'patch' && objectRef?.apiGroup !== 'coxswain.dev',
  );
  const appliedMs = Date.parse(children.at(-1)?.stageTimestamp ?? '') - begun;
  const counted = await countedWhenQuiet('coxswain', mark);
  const requests = counted.length;
  const after = await usageOf(controller.pid);
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const ownSeconds = after.ownCpuSeconds - before.ownCpuSeconds;
  const ratio = appliedMs / plainMs;
  print(`${title}
  kubectl create of the objects ${seconds(plainMs)}; of the Releases ${seconds(submittedMs)}, all applied ${seconds(appliedMs)} (${ratio.toFixed(2)} times)
  Ready: median ${seconds(ready.medianMs)}, last ${seconds(ready.lastMs)}; ${requests} requests (${(requests / releases).toFixed(1)} a Release: ${byKind(counted)})
  CPU ${cpuSeconds.toFixed(1)} s (${ownSeconds.toFixed(1)} of the controller itself); ${memoryOf(after)}`);
  if (releases !== 200) return;
  judge(
    `CPU ${cpuSeconds.toFixed(1)} s for 200 Releases, goal ${GOALS.burstCpuSeconds}`,
    cpuSeconds <= GOALS.burstCpuSeconds,
  );
  judge(`${ratio.toFixed(2)} times kubectl create, goal ${GOALS.wallRatio}`, ratio <= GOALS.wallRatio);
  judge(`controller ${after.ownMib.toFixed(0)} MiB, goal ${GOALS.controllerMib}`, after.ownMib <= GOALS.controllerMib);
}

/** How many requests there were of each verb and resource, the most common first. */
function byKind(requests: readonly TimedRequest[]): string {
  const counts = new Map<string, number>();
  for (const { verb, objectRef } of requests) {
    const kind = [verb, [objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/')].join(' ');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts].toSorted(([, a], [, b]) => b - a);
  return kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
}

/** A minute in which nothing is asked for. */
async function rest(): Promise<void> {
  await untilQuiet(controlPlane);
  const before = await usageOf(controller.pid);
  const mark = await markAudit(controlPlane);
  await sleep(IDLE_MS);
  const requests = countedOf('coxswain', await requestsSince(mark)).length;
  const after = await usageOf(controller.pid);
  print(
    `a minute at rest: CPU ${(after.cpuSeconds - before.cpuSeconds).toFixed(2)} s, ${requests} requests; ${memoryOf(after)}`,
  );
}

async function restart(): Promise<void> {
  await controller.stop();
  const mark = await markAudit(controlPlane);
  const begun = Date.now();
  controller = await startController({ controlPlane, ...AS_SHIPPED });
  const readyMs = Date.now() - begun;
  const requests = (await countedWhenQuiet('coxswain', mark)).length;
  const after = await usageOf(controller.pid);
  print(
    `restart: at work after ${seconds(readyMs)}, quiet after ${requests} requests; CPU ${after.cpuSeconds.toFixed(1)} s; ${memoryOf(after)}`,
  );
}

/**
 * How long single Releases of other tenants take: alone, while one tenant creates hundreds, and while it creates as many objects without
 * any.
 */
async function badNeighbour(web: StoredChart, small: StoredChart): Promise<void> {
  const alone = await bystanders(small);
  const [plain = '', bad = ''] = await tenants(kubectl, 2);
  const besidePlain = await besideFlood(await objectsOf({ releases: BAD_NEIGHBOUR, namespaces: [plain] }, WEB), small);
  const beside = await besideFlood(releasesOf({ releases: BAD_NEIGHBOUR, namespaces: [bad] }, web), small);
  const ratio = beside / alone;
  print(
    `a bad neighbour of ${BAD_NEIGHBOUR}: a bystander's p95 ${seconds(alone)} alone, ${seconds(beside)} beside it (${ratio.toFixed(2)} times), ${seconds(besidePlain)} beside kubectl create of the same objects`,
  );
  judge(`bystander ${ratio.toFixed(2)} times slower, goal ${GOALS.neighbourRatio}`, ratio <= GOALS.neighbourRatio);
}

async function besideFlood(list: string, small: StoredChart): Promise<number> {
  const flood = created(list);
  await sleep(1_000);
  const p95 = await bystanders(small);
  await flood;
  await untilQuiet(controlPlane);
  return p95;
}

/** The 95th percentile, ms, of Releases that are created one after the other. */
async function bystanders(chart: StoredChart): Promise<number> {
  const times: number[] = [];
  for (const namespace of await tenants(kubectl, BYSTANDERS)) {
    const load: Load = { releases: 1, namespaces: [namespace] };
    const begun = Date.now();
    await created(releasesOf(load, chart));
    await untilReady(kubectl, load);
    times.push((await readyTimesOf(kubectl, load, begun)).lastMs);
  }
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0;
}

async function created(list: string): Promise<number> {
  const begun = Date.now();
  const { code, stderr } = await kubectl.attempt(['create', '--filename=-', '--output=name'], { input: list });
  if (code !== 0) throw new Error(`kubectl create: ${stderr.slice(0, 1_000)}`);
  return Date.now() - begun;
}

function memoryOf({ ownMib, ownPeakMib, children, childrenMib }: Usage): string {
  return `controller ${ownMib.toFixed(0)} MiB (peak ${ownPeakMib.toFixed(0)}), ${children} renderers ${childrenMib.toFixed(0)} MiB`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
