import { setImmediate as othersHaveRun } from 'node:timers/promises';

const TURN_MS = 10;

/** The last turn that somebody waits for. */
let last: Promise<void> = Promise.resolve();

/**
 * Does work that yields now and then, to its end, some 10 ms in each turn of the event loop. Of several such works one has the turn, the
 * others come next: what one viewer looks at does not stop the others.
 */
export async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const turn = last.then(() => othersHaveRun());
    last = turn;
    await turn;
    const endMs = performance.now() + TURN_MS;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() < endMs);
  }
}
