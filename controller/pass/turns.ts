import { setImmediate as othersHaveRun } from 'node:timers/promises';

export { othersHaveRun };

const TURN_MS = 10;

/** When work in turns began in the present turn of the event loop; undefined where none did. */
let begunMs: number | undefined;

/**
 * Does work that yields now and then to its end, letting others run before its next step once all such work together has had 10 ms of
 * the present turn of the event loop; in a turn that it waited for, it takes one step at least. Returns what it returns.
 */
export async function inTurns<T>(work: Generator<undefined, T>): Promise<T> {
  for (;;) {
    if (spentMs() >= TURN_MS) await othersHaveRun();
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

function spentMs(): number {
  const nowMs = performance.now();
  if (begunMs === undefined) {
    begunMs = nowMs;
    setImmediate(() => (begunMs = undefined));
  }
  return nowMs - begunMs;
}
