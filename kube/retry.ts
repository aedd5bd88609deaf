import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeError } from './errors.ts';
import { isKubeError } from './errors.ts';

/** Whether a request may be repeated when nobody knows if the server has acted on it. */
export type Repeatability = 'idempotent' | 'once';

/** Which failures are tried again: `unreachable` is about a server that no connection could be made to. */
export interface RetryRules {
  repeatability: Repeatability;
  unreachable: 'retried' | 'error';
}

const MAX_ATTEMPTS = 5;
const BASE_DELAY_MS = 200;
const MAX_DELAY_MS = 10_000;

/**
 * Runs `attempt`, again after throttling (429, or a 5xx with Retry-After) and after a connection that was never made, and,
 * where it is idempotent, after an answer that was lost; at most five times, waiting at most 10 s before each.
 */
export async function withRetries<T>(rules: RetryRules, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === MAX_ATTEMPTS || !isKubeError(error) || !mayRepeat(error, rules)) throw error;
      await sleep(error.retryAfterMs === undefined ? backoffMs(tried) : Math.min(error.retryAfterMs, MAX_DELAY_MS));
    }
  }
}

/** Full delay doubled with each attempt up to 10 s, of which a random half is taken off so that clients spread out. */
function backoffMs(tried: number): number {
  return Math.min(BASE_DELAY_MS * 2 ** (tried - 1), MAX_DELAY_MS) * (0.5 + Math.random() / 2);
}

function mayRepeat(error: KubeError, { repeatability, unreachable }: RetryRules): boolean {
  if (error.unsent) return unreachable === 'retried';
  if (error.retryAfterMs !== undefined || error.code === 'TooManyRequests') return true;
  // A bare 500 is as a rule an admission webhook's failure, which seldom passes within seconds.
  return repeatability === 'idempotent' && error.code === 'Unavailable' && error.status !== 500;
}
