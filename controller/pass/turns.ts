import { setImmediate as letOthersRun } from 'node:timers/promises';

export { letOthersRun as othersHaveRun };

const TURN_MS = 10;

/** Does work that yields now and then to its end, letting others run whenever it has had 10 ms; returns what it returns. */
export async function inTurns<T>(work: Generator<undefined, T>): Promise<T> {
  for (let since = performance.now(); ;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (performance.now() - since < TURN_MS) continue;
    await letOthersRun();
    since = performance.now();
  }
}
