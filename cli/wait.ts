import type { Condition, ConditionType, Release } from '../crds/index.ts';
import { startInformer } from '../kube/index.ts';
import { RELEASES, releaseOf } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { CliError } from './errors.ts';
import { printable, printableLines } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The options of commands that can wait, for `parseArgs`. */
export const WAIT_OPTIONS = { wait: { type: 'boolean' }, timeout: { type: 'string', default: '5m' } } as const;

/** How far a Release is; the message of `stalled` says why it will get no further by itself. */
export type Progress = { readonly state: 'ready' | 'underWay' | 'stalled'; readonly message: string };

/** What is waited for: the generation last written and, where one is named, the version of the chart. */
export type Goal = { readonly generation: number; readonly chartVersion?: string | undefined };

/**
 * Follows a Release, telling its progress on `err`, until the generation of `written` is Ready, with that version of its chart if one
 * is named, and returns it. Throws CliError NotReady with the cause when it is stalled, or after `timeout` (a Go duration).
 */
export async function waitUntilReady(
  { client, namespace }: Cluster,
  written: Release,
  timeout: string,
  terminal: Terminal,
  chartVersion?: string,
): Promise<Release> {
  const timeoutMs = durationMs(timeout);
  const { name, generation } = written.metadata;
  const stalledBefore = chartVersion === undefined ? undefined : oldStall(written, Date.now());
  let last = '';
  return new Promise<Release>((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      informer.stop();
      settle();
    };
    const fail = (error: Error): void => end(() => reject(error));
    const informer = startInformer({
      client,
      resource: RELEASES,
      namespace,
      fieldSelector: `metadata.name=${name}`,
      onChange: ({ type, object }) => {
        if (type === 'deleted') return fail(new CliError('NotFound', `release "${name}" was deleted`));
        const release = releaseOf(object);
        const { state, message } = progressOf(release, { generation, chartVersion });
        if (state === 'ready') return end(() => resolve(release));
        // What stalled it before may be what the awaited version mends.
        const isFinal =
          state === 'stalled' && (stalledBefore === undefined || faultOf(stalledIn(release)) !== stalledBefore);
        if (isFinal) return fail(new CliError('NotReady', message));
        if (message !== last) terminal.err(message);
        last = message;
      },
    });
    const timer = setTimeout(() => {
      fail(
        new CliError('NotReady', `release "${name}" is not ready after ${timeout}: ${last || 'nothing was reported'}`),
      );
    }, timeoutMs);
    informer.synced.catch(fail);
  });
}

/** What the status says of the goal, or of a later generation. */
export function progressOf({ status }: Release, { generation, chartVersion }: Goal): Progress {
  const condition = (type: ConditionType): Condition | undefined =>
    status?.conditions?.find((each) => each.type === type && each.observedGeneration >= generation);
  const stalled = condition('Stalled');
  if (stalled?.status === 'True') {
    return { state: 'stalled', message: printableLines(`${stalled.reason}: ${stalled.message}`) };
  }
  return readiness(condition('Ready'), status?.chart?.version, chartVersion);
}

function readiness(ready: Condition | undefined, inForce: string | undefined, wanted: string | undefined): Progress {
  if (ready?.status !== 'True') {
    return { state: 'underWay', message: printable(ready?.message ?? 'waiting for the controller') };
  }
  if (wanted === undefined || inForce === wanted) return { state: 'ready', message: '' };
  return { state: 'underWay', message: printable(`ready with ${inForce ?? 'no version'}, waiting for ${wanted}`) };
}

/** By then a registry that tells of pushes has moved those that follow it, and who pushed has come to wait. */
const JUST_PUSHED_MS = 60_000;

/** The fault that a Release is stalled by since before anything was pushed just now; undefined where it is not. */
export function oldStall(release: Release, nowMs: number): string | undefined {
  const stalled = stalledIn(release);
  const isOld = stalled !== undefined && Date.parse(stalled.lastTransitionTime) < nowMs - JUST_PUSHED_MS;
  return isOld ? faultOf(stalled) : undefined;
}

function stalledIn({ status }: Release): Condition | undefined {
  return status?.conditions?.find(({ type, status: value }) => type === 'Stalled' && value === 'True');
}

function faultOf(stalled: Condition | undefined): string | undefined {
  return stalled && `${stalled.lastTransitionTime} ${stalled.reason} ${stalled.message}`;
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** The most that a timer takes. */
const MAX_MS = 2 ** 31 - 1;

/** Milliseconds of a Go duration (`90s`, `1h30m`); throws CliError Usage. */
export function durationMs(text: string): number {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text))
    throw new CliError('Usage', `"${text}" is no duration such as 90s or 1h30m`);
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  const total = [...parts].reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS_MS[unit] ?? 0), 0);
  return Math.min(total, MAX_MS);
}
