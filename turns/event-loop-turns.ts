import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as othersHaveRun } from 'node:timers/promises';

export { othersHaveRun };

const TURN_MS = 10;
/** Short steps are taken together for so long: to read the clock before each of thousands would take longer than they do. */
const STRIDE_MS = 1;

/** Told how long some steps of work in turns have taken, in milliseconds. */
export type Meter = (ms: number) => void;

const meters = new AsyncLocalStorage<Meter>();

/** Does `work`, and tells `meter` of all work in turns that comes of it, for as long as there is any. */
export function metered<T>(meter: Meter, work: () => T): T {
  return meters.run(meter, work);
}

/** Work under way, the time that it has had, and its next step, which says whether it was the last one. */
interface Work {
  hadMs: number;
  meter: Meter | undefined;
  isDoneAfterStep: () => boolean;
}

const waiting = new Set<Work>();

/** When work in turns began in the present turn of the event loop; undefined where none did. */
let begunMs: number | undefined;
/** Ends the present turn: the next begins with its timers. What is done meanwhile for sockets and immediates belongs to the same turn. */
let turnEnd: NodeJS.Timeout | undefined;

/**
 * Does work that yields now and then, to its end. Others run before its next step once all such work together has had 10 ms of the present
 * turn of the event loop. Waiting work goes on in the order of the time that each has had: short work waits for one step of long work,
 * however much of that there is. Returns what the work returns.
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
  const work: Work = { hadMs: 0, meter: meters.getStore(), isDoneAfterStep };
  // Work that already waits comes first: otherwise new work would use up each turn.
  while (waiting.size === 0 && spentMs() < TURN_MS) if (isDoneAfterStride(work)) return promise;
  wait(work);
  return promise;
}

/** Like `inTurns`, for work of a single step. */
export async function inTurn<T>(step: () => T): Promise<T> {
  return inTurns(oneStep(step));
}

// oxlint-disable-next-line require-yield
function* oneStep<T>(step: () => T): Generator<undefined, T> {
  return step();
}

/** Takes a step of the work, and further ones as long as they are short together. */
function isDoneAfterStride(work: Work): boolean {
  const begunAt = performance.now();
  let isDone = false;
  let tookMs = 0;
  while (!isDone && tookMs < STRIDE_MS) {
    isDone = work.isDoneAfterStep();
    tookMs = performance.now() - begunAt;
  }
  work.hadMs += tookMs;
  work.meter?.(tookMs);
  return isDone;
}

function wait(work: Work): void {
  if (waiting.size === 0) setImmediate(goOn);
  waiting.add(work);
}

/** Uses up what is left of this turn. */
function goOn(): void {
  while (waiting.size > 0 && spentMs() < TURN_MS) {
    const next = leastServed();
    if (next && isDoneAfterStride(next)) waiting.delete(next);
  }
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
    // There are thousands of turns a second: to set one timer anew costs less than to make another.
    turnEnd = turnEnd?.refresh() ?? setTimeout(() => (begunMs = undefined), 0);
  }
  return nowMs - begunMs;
}
