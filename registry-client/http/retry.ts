import { setTimeout as sleep } from 'node:timers/promises';

import { RegistryError } from '../errors.ts';
import type { Retries } from '../options.ts';

/**
 * Runs `attempt` until it returns or fails for a reason that lasts, at most `retries.attempts` times; between two attempts it
 * waits a random part of a pause that doubles, or what the registry asked for, never more than `maxPauseMs`.
 */
export async function withRetries<Result>(
  retries: Retries,
  signal: AbortSignal | undefined,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RegistryError) || !error.transient || made >= retries.attempts) throw error;
      await sleep(pauseAfter(made, error, retries), undefined, signal === undefined ? {} : { signal }).catch(
        (interruption: unknown) => {
          signal?.throwIfAborted();
          throw interruption;
        },
      );
    }
  }
}

/** Milliseconds between this attempt, of those that failed, and the next. */
export function pauseAfter(
  made: number,
  { retryAfterMs }: RegistryError,
  { firstPauseMs, maxPauseMs }: Retries,
): number {
  const backoffMs = Math.random() * firstPauseMs * 2 ** (made - 1);
  return Math.min(Math.max(retryAfterMs ?? 0, backoffMs), maxPauseMs);
}

/** Reads a `Retry-After` header, seconds or a date, as milliseconds from `now`; undefined where it is neither. */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
