import { jitteredBackoffMs } from '../backoff.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeError } from '../errors.ts';
import { isKubeError } from '../errors.ts';

/** Whether a request may be repeated when nobody knows if the server has acted on it. */
export type Repeatability = 'idempotent' | 'once';

/** Which failures are tried again: `unreachable` is about a server that no connection could be made to. */
export interface RetryRules {
  repeatability: Repeatability;
  unreachable: 'retried' | 'error';
}

const MAX_ATTEMPTS = 5;
const DELAY_MS = { first: 200, max: 10_000 };

/**
 * Runs `attempt`, and repeats it after throttling (429, or a 5xx with Retry-After), after a connection that was never made, and, where it
 * is idempotent, after a lost answer; at most five times, waiting at most 10 s before each.
 */
export async function withRetries<T>(rules: RetryRules, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === MAX_ATTEMPTS || !isKubeError(error) || !mayRepeat(error, rules)) throw error;
      await sleep(
        error.retryAfterMs === undefined
          ? jitteredBackoffMs(tried, DELAY_MS)
          : Math.min(error.retryAfterMs, DELAY_MS.max),
      );
    }
  }
}

function mayRepeat(error: KubeError, { repeatability, unreachable }: RetryRules): boolean {
  if (error.unsent) return unreachable === 'retried';
  if (error.retryAfterMs !== undefined || error.code === 'TooManyRequests') return true;
  // A bare 500 is usually an admission webhook's failure, which seldom passes within seconds.
  return repeatability === 'idempotent' && error.code === 'Unavailable' && error.status !== 500;
}
