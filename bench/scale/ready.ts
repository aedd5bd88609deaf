import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubectl } from '../../test/support/cluster/kubectl.ts';
import type { Load } from './load.ts';

/** The moments at which the Releases of a load became Ready, ms since `begun`. */
export interface ReadyTimes {
  readonly medianMs: number;
  readonly lastMs: number;
}

const PATIENCE_MS = 900_000;
const READY = '{.status.conditions[?(@.type=="Ready")].status}';
const SINCE = '{.status.conditions[?(@.type=="Ready")].lastTransitionTime}';

/** Waits until every Release of a load is Ready; throws after a quarter of an hour. */
export async function untilReady(kubectl: Kubectl, load: Load): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const words = await eachOf(kubectl, load, READY);
    const ready = words.filter((word) => word === 'True').length;
    if (ready === load.releases) return;
    if (Date.now() > deadline) throw new Error(`${ready} of ${load.releases} Releases are Ready`);
    await sleep(load.releases > 1 ? 1_000 : 50);
  }
}

/** Reads the times that the controller writes into the conditions. */
export async function readyTimesOf(kubectl: Kubectl, load: Load, begun: number): Promise<ReadyTimes> {
  const times = (await eachOf(kubectl, load, SINCE)).map((time) => Date.parse(time) - begun).toSorted((a, b) => a - b);
  return { medianMs: times[Math.floor(times.length / 2)] ?? 0, lastMs: times.at(-1) ?? 0 };
}

async function eachOf(kubectl: Kubectl, { namespaces }: Load, path: string): Promise<string[]> {
  const [only] = namespaces;
  const where = namespaces.length === 1 && only !== undefined ? ['--namespace', only] : ['--all-namespaces'];
  const each = `--output=jsonpath={range .items[*]}{.metadata.namespace} ${path}{"\\n"}{end}`;
  const lines = (await kubectl('get', 'releases', ...where, each)).split('\n').filter((line) => line !== '');
  const wanted = new Set(namespaces);
  return lines.flatMap((line) => {
    const [namespace = '', word = ''] = line.split(' ');
    return wanted.has(namespace) ? [word] : [];
  });
}
