import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

/** How long to go on (default 120 000 ms: slow on a busy machine is no fault) and to pause between two looks (default 100 ms). */
export type Patience = { readonly timeoutMs?: number; readonly intervalMs?: number };

/**
 * Looks until `holds` returns (anything but false) for what `look` found, and returns that. Whatever either throws is a "not
 * yet", so that assertions fit in `holds`. Throws in the end with the last error and the last object seen.
 */
export async function eventually<T>(
  look: () => Promise<T> | T,
  holds: (seen: T) => boolean | void,
  { timeoutMs = 120_000, intervalMs = 100 }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  const last: { seen?: T; error?: unknown } = {};
  for (;;) {
    try {
      delete last.error;
      last.seen = await look();
      if (holds(last.seen) !== false) return last.seen;
    } catch (error) {
      last.error = error;
    }
    if (Date.now() >= deadline) throw notWithin(timeoutMs, holds, last);
    await delay(intervalMs);
  }
}

function notWithin(timeoutMs: number, holds: unknown, last: { seen?: unknown; error?: unknown }): Error {
  const reason = last.error instanceof Error ? last.error.message : `false: ${String(holds)}`;
  const seen = inspect(last.seen, { depth: 12, maxArrayLength: 50, breakLength: 120 });
  return new Error(`not within ${timeoutMs} ms: ${reason}\nlast seen: ${seen}`, { cause: last.error });
}
