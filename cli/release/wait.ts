import type { Release } from '../../crds/index.ts';
import { parseDuration } from '../../golang/duration/index.ts';
import type { Change } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { RELEASES, releaseOf } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';
import { CliError } from '../errors.ts';
import { stallIdentity, stalledBeforePush, waitStateOf, stalledIn } from './progress.ts';
import type { WaitState } from './progress.ts';
import { statusReport } from './status.ts';
import type { Terminal } from '../terminal.ts';

/** How long is waited, for `readArguments`. */
export const PATIENCE_OPTIONS = {
  timeout: { type: 'string', default: '5m' },
  'red-timeout': { type: 'string', default: '1m' },
} as const;

/** The options of commands that can wait. */
export const WAIT_OPTIONS = { wait: { type: 'boolean' }, ...PATIENCE_OPTIONS } as const;

/** How long the user wants to wait at most: in total, and while the Release is Red without interruption. Go durations. */
export interface PatienceFlags {
  readonly timeout: string;
  readonly 'red-timeout': string;
}

/**
 * Follows a Release, telling its progress on `err`, until the generation of `written` is Ready, with that version of its chart if one
 * is named, and returns it. Throws CliError NotReady with the cause when it is stalled, stays Red, or after the timeout.
 */
export async function waitUntilReady(
  { client, namespace }: Cluster,
  written: Release,
  flags: PatienceFlags,
  terminal: Terminal,
  chartVersion?: string,
): Promise<Release> {
  const { startInformer } = await import('../../kube/index.ts');
  const { timeoutMs, redMs } = patienceOf(flags);
  const { name, generation } = written.metadata;
  const stalledBefore = chartVersion === undefined ? undefined : stalledBeforePush(written, Date.now());
  const ended = Promise.withResolvers<Release>();
  const next = `See why: kubectl release status ${name} -n ${namespace}`;
  const fail = (why: string): void => ended.reject(new CliError('NotReady', why, { next }));
  const red = redTimer(redMs, (cause) => fail(`release "${name}" has been Red for ${flags['red-timeout']}: ${cause}`));
  let last = '';
  const onChange = ({ type, object }: Change<KubeObject>): void => {
    if (type === 'deleted') return ended.reject(new CliError('NotFound', `release "${name}" was deleted`));
    const release = releaseOf(object);
    const progress = waitStateOf(release, { generation, chartVersion });
    if (progress.state === 'ready') return ended.resolve(release);
    // What stalled it before may be what the awaited version mends.
    if (progress.state === 'stalled' && stallIdentity(stalledIn(release)) !== stalledBefore)
      return fail(progress.message);
    red.see(progress);
    if (progress.message !== last) terminal.err(progress.message);
    last = progress.message;
  };
  const fieldSelector = `metadata.name=${name}`;
  const informer = startInformer({ client, resource: RELEASES, namespace, fieldSelector, onChange });
  informer.synced.catch(ended.reject);
  const timer = setTimeout(() => {
    fail(`release "${name}" is not ready after ${flags.timeout}: ${last || 'nothing was reported'}`);
  }, timeoutMs);
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    red.stop();
    informer.stop();
  }
}

/** Follows a Release as `waitUntilReady` does, and shows how it ended: with this every command that waits ends. */
export async function waitAndReport(...wait: Parameters<typeof waitUntilReady>): Promise<Release> {
  const ready = await waitUntilReady(...wait);
  const [, , , terminal] = wait;
  terminal.out(statusReport(ready, Date.now(), terminal));
  return ready;
}

/** Calls `onEnd` with what is broken once nothing but Red was seen for this long. */
function redTimer(limitMs: number, onEnd: (message: string) => void): { see(progress: WaitState): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let cause = '';
  return {
    see: ({ state, message }) => {
      cause = message;
      if (state === 'red') {
        timer ??= setTimeout(() => onEnd(cause), limitMs);
      } else {
        clearTimeout(timer);
        timer = undefined;
      }
    },
    stop: () => clearTimeout(timer),
  };
}

/** The flags in milliseconds; throws CliError Usage. */
export function patienceOf(flags: PatienceFlags): { readonly timeoutMs: number; readonly redMs: number } {
  return { timeoutMs: durationMs(flags.timeout), redMs: durationMs(flags['red-timeout']) };
}

/** The most that a timer takes. */
const MAX_MS = 2 ** 31 - 1;

/** Milliseconds of a Go duration (`90s`, `1h30m`); throws CliError Usage. */
export function durationMs(text: string): number {
  const nanos = parseDuration(text);
  if (nanos === undefined || nanos < 0n)
    throw new CliError('Usage', `"${text}" is not a duration such as 90s or 1h30m`);
  return Math.min(Number(nanos / 1_000_000n), MAX_MS);
}
