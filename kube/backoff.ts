import { setTimeout as sleep } from 'node:timers/promises';

/** The delay before what failed is tried again, in milliseconds: the first one, and the longest. */
export interface Backoff {
  readonly first: number;
  readonly max: number;
}

/** The delay after this many failures in a row, beginning with 1: doubled each time. 0 after none. */
export function backoffMs(failures: number, { first, max }: Backoff): number {
  return failures <= 0 ? 0 : Math.min(max, first * 2 ** Math.min(failures - 1, 30));
}

/** The delay with a random half taken off, so that those who failed together do not come back together. */
export function jitteredBackoffMs(failures: number, backoff: Backoff): number {
  return backoffMs(failures, backoff) * (0.5 + Math.random() / 2);
}

/** Waits for this long, or until the signal aborts. */
export async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
