// How long the controller's event loop is at work at a time, and how much of that a pass with nothing to do takes; see README.md.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilQuiet } from '../../test/support/cluster/audit.ts';
import { startController } from '../../test/support/cluster/controller.ts';
import { pushParts, releaseOf, startInstallation, viewRelease } from '../../test/support/cluster/installation.ts';
import { shippedController } from '../../test/support/cluster/shipped.ts';
import { createTenant } from '../../test/support/cluster/tenant.ts';
import { judge, print, reportMissed } from '../goals.ts';
import { OBJECTS, LOADS, hostileObjects, hostileValues, type Load, type LoadWithObject } from './loads.ts';
import { usageOf } from '../process-usage.ts';

const GOALS = { idlePassMs: 20, turnMs: 50 };
const IDLE_PASSES = 20;
const REST_MS = 10_000;
const PATIENCE = { timeoutMs: 180_000 };

const only = process.argv[2] ?? '';
const coxswain = await startInstallation();
const { kubectl, controlPlane } = coxswain;
let { controller } = coxswain;
const turnsFile = join(controlPlane.directory, 'turns');
const shipped = shippedController().env['NODE_OPTIONS'] ?? '';
const probe = `${shipped} --import ${new URL('probe.ts', import.meta.url).href}`;
try {
  if ('idle'.includes(only)) await idlePasses();
  await controller.stop();
  controller = await startController({ controlPlane, env: { NODE_OPTIONS: probe, LOOP_TURNS: turnsFile } });
  for (const load of LOADS) if (load.title.includes(only)) await longestTurn(load.title, edited(load));
  for (const load of hostileObjects()) if (load.title.includes(only)) await longestTurn(load.title, beside(load));
  for (const load of hostileValues()) if (load.title.includes(only)) await longestTurn(load.title, given(load));
} finally {
  await controller.stop();
  await coxswain.stop();
}
reportMissed();

/** Passes over a Release in which nothing is to be done: somebody sets a label of a child, or of the Release itself. */
async function idlePasses(): Promise<void> {
  const namespace = await createTenant(kubectl, 'loop');
  const chart = await pushParts(coxswain, OBJECTS.chart);
  await kubectl.apply(releaseOf(namespace, 'idle', chart));
  await viewRelease(kubectl, namespace, 'idle').ready(PATIENCE);
  await untilQuiet(controlPlane);
  const [child] = (await kubectl('get', 'configmaps', '--namespace', namespace, '--output=name')).split('\n');
  const byChild = await idlePassMs(namespace, child ?? '');
  judge(`an idle pass took ${byChild.toFixed(0)} ms, goal ${GOALS.idlePassMs}`, byChild <= GOALS.idlePassMs);
  await idlePassMs(namespace, 'release/idle');
}

/** How many milliseconds of CPU on the event loop a pass takes that a change of a label begins, beyond those at rest. */
async function idlePassMs(namespace: string, labelled: string): Promise<number> {
  const passing = await usageWhile(async () => {
    for (let pass = 0; pass < IDLE_PASSES; pass += 1) {
      await kubectl('label', labelled, '--namespace', namespace, '--overwrite', `pass=${pass}`);
      await sleep(500);
    }
  });
  // What the lease and the watches take anyway.
  const resting = await usageWhile(() => sleep(REST_MS));
  const msOf = (figure: 'loopMs' | 'allMs'): number =>
    (passing[figure] - (resting[figure] * passing.tookMs) / resting.tookMs) / IDLE_PASSES;
  const [passMs, allMs] = [msOf('loopMs'), msOf('allMs')];
  const cpu = `${passMs.toFixed(0)} ms of CPU on the event loop, ${allMs.toFixed(0)} in all threads`;
  print(`a pass with nothing to do, ${OBJECTS.title}, one of ${labelled.split('/')[0]} labelled: ${cpu}`);
  return passMs;
}

/** The CPU that the controller uses while something is done, on the event loop and in all threads, and how long that took. */
async function usageWhile(work: () => Promise<void>): Promise<{ loopMs: number; allMs: number; tookMs: number }> {
  const [before, beganAt] = [await usageOf(controller.pid), performance.now()];
  await work();
  const [after, tookMs] = [await usageOf(controller.pid), performance.now() - beganAt];
  return {
    loopMs: (after.mainThreadCpuSeconds - before.mainThreadCpuSeconds) * 1_000,
    allMs: (after.cpuSeconds - before.cpuSeconds) * 1_000,
    tookMs,
  };
}

async function longestTurn(title: string, work: (namespace: string) => Promise<void>): Promise<void> {
  const namespace = await createTenant(kubectl, 'loop');
  await untilQuiet(controlPlane);
  const begun = Date.now();
  await work(namespace);
  await untilQuiet(controlPlane);
  const found = await turnsSince(begun);
  print(`${title}: ${turns(found)}`);
  const longest = Math.max(0, ...found);
  judge(`a turn of ${longest.toFixed(0)} ms with ${title}, goal ${GOALS.turnMs}`, longest <= GOALS.turnMs);
}

/** Installs, then changes everything, then changes nothing. */
function edited({ chart: parts }: Load): (namespace: string) => Promise<void> {
  return async (namespace) => {
    const chart = await pushParts(coxswain, parts);
    const web = viewRelease(kubectl, namespace, 'web');
    await kubectl.apply(releaseOf(namespace, 'web', chart, { values: { content: 'a' } }));
    await web.ready(PATIENCE);
    await web.patch({ values: { content: 'b' } });
    await web.ready(PATIENCE);
    await kubectl('label', 'release', 'web', '--namespace', namespace, 'pass=1');
  };
}

/** Stores an object beside a Release, and changes one label of it. */
function beside({ chart: parts, object }: LoadWithObject): (namespace: string) => Promise<void> {
  return async (namespace) => {
    const chart = await pushParts(coxswain, parts);
    await kubectl.apply(releaseOf(namespace, 'web', chart));
    await viewRelease(kubectl, namespace, 'web').ready(PATIENCE);
    await create(namespace, object);
    await untilQuiet(controlPlane);
    await kubectl('label', object.kind, object.metadata.name, '--namespace', namespace, 'pass=1');
  };
}

/** Installs with values that are refused. */
function given({ chart: parts, object }: LoadWithObject): (namespace: string) => Promise<void> {
  return async (namespace) => {
    const chart = await pushParts(coxswain, parts);
    await create(namespace, object);
    const valuesFrom = [{ kind: object.kind, name: object.metadata.name, key: 'values.yaml' }];
    await kubectl.apply(releaseOf(namespace, 'web', chart, { valuesFrom }));
    await viewRelease(kubectl, namespace, 'web').failed('LimitExceeded', PATIENCE);
  };
}

async function create(namespace: string, object: object): Promise<void> {
  const input = JSON.stringify(object);
  const { code, stderr } = await kubectl.attempt(['create', '--namespace', namespace, '--filename=-'], { input });
  if (code !== 0) throw new Error(`kubectl create: ${stderr}`);
}

async function turnsSince(since: number): Promise<number[]> {
  const lines = (await readFile(turnsFile, 'utf8')).split('\n').filter((line) => line !== '');
  const all = lines.map((line) => JSON.parse(line) as { at: number; ms: number });
  return all.filter(({ at }) => at >= since).map(({ ms }) => ms);
}

/** The longest turns. */
function turns(ms: readonly number[]): string {
  const longest = ms.toSorted((a, b) => b - a).slice(0, 5);
  return `longest turns ${longest.length === 0 ? 'below 10' : longest.map((each) => each.toFixed(0)).join(', ')} ms`;
}
