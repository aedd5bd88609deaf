import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as othersHaveRun } from 'node:timers/promises';

export { othersHaveRun };

const TURN_MS = 10;

/** What work in turns has taken so far. */
export interface Spent {
  ms: number;
}

const accounts = new AsyncLocalStorage<Spent>();

/** Does what it is given, and adds to `spent` what the work in turns takes that comes of it. */
export async function metered<T>(spent: Spent, work: () => Promise<T>): Promise<T> {
  return accounts.run(spent, work);
}

/** Work under way, the time that it has had, and its next step, which says whether it was the last one. */
interface Work {
  hadMs: number;
  spent: Spent | undefined;
  isDoneAfterStep: () => boolean;
}

const waiting = new Set<Work>();

/** When work in turns began in the present turn of the event loop; undefined where none did. */
let begunMs: number | undefined;

/**
 * Does work that yields now and then to its end, letting others run before its next step once all such work together has had 10 ms of
 * the present turn of the event loop. What waits goes on in the order of the time that each has had: work that is soon done waits for
 * one step of what is not, however much of that there is. Returns what it returns.
 */
export async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const isDoneAfterStep = (): boolean => {
    try {
      const { done, value } = steps.next();
      if (done === true) resolve(value);
      return done === true;
    } catch (error) {
      reject(error);
      return true;
    }
  };
  const work: Work = { hadMs: 0, spent: accounts.getStore(), isDoneAfterStep };
  while (spentMs() < TURN_MS) if (isDoneAfterOne(work)) return promise;
  wait(work);
  return promise;
}

function isDoneAfterOne(work: Work): boolean {
  const nowMs = performance.now();
  const isDone = work.isDoneAfterStep();
  const tookMs = performance.now() - nowMs;
  work.hadMs += tookMs;
  if (work.spent) work.spent.ms += tookMs;
  return isDone;
}

function wait(work: Work): void {
  if (waiting.size === 0) setImmediate(goOn);
  waiting.add(work);
}

/** Uses up this turn, and at least for one step. */
function goOn(): void {
  do {
    const next = leastServed();
    if (next && isDoneAfterOne(next)) waiting.delete(next);
  } while (waiting.size > 0 && spentMs() < TURN_MS);
  if (waiting.size > 0) setImmediate(goOn);
}

function leastServed(): Work | undefined {
  let least: Work | undefined;
  for (const work of waiting) if (least === undefined || work.hadMs < least.hadMs) least = work;
  return least;
}

function spentMs(): number {
  const nowMs = performance.now();
  if (begunMs === undefined) {
    begunMs = nowMs;
    setImmediate(() => (begunMs = undefined));
  }
  return nowMs - begunMs;
}
