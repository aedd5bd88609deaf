import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

/**
 * How many receivers are contacted at a time. Resolving a name holds a thread of the process and cannot be cancelled:
 * deploy/controller.yaml has threads for this many besides those that passes may hold.
 */
export const MAX_AT_ONCE = 32;

/** The most lanes that are remembered as slow. */
const MAX_SLOW = 10_000;

/** What is known of a lane once something was done in it. */
export interface LaneState {
  /** For how many milliseconds nothing else is done in it. */
  restMs: number;
  /** Whether what is done in it next is likely to take long. */
  isSlow: boolean;
}

/**
 * Work in lanes: one at a time in each, with a rest after it; and in all of them `atOnce` at a time, in the order in which they came. Lanes
 * that are slow have no more than half of these places, so that they do not hold up those that are not.
 */
export class Lanes {
  /** The end of what is done in each lane. */
  readonly #ends = new Map<string, Promise<unknown>>();
  readonly #slow = new LRUCache<string, true>({ max: MAX_SLOW });
  readonly #places: Places;
  readonly #placesOfSlow: Places;
  readonly #now: () => number;

  /** `now` is the monotonic clock, in milliseconds. */
  constructor(atOnce: number = MAX_AT_ONCE, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#places = new Places(atOnce);
    this.#placesOfSlow = new Places(Math.ceil(atOnce / 2));
  }

  /** `work` never throws; `stateAfter` says what it shows of the lane, and so many milliseconds of it. */
  async in<T>(lane: string, work: () => Promise<T>, stateAfter: (result: T, tookMs: number) => LaneState): Promise<T> {
    const before = this.#ends.get(lane);
    let beganAt = 0;
    const mine = (async () => {
      await before;
      const inPlace = async (): Promise<T> =>
        this.#places.in(async () => {
          beganAt = this.#now();
          return work();
        });
      return this.#slow.has(lane) ? this.#placesOfSlow.in(inPlace) : inPlace();
    })();
    const end = mine.then((result) => {
      const { restMs, isSlow } = stateAfter(result, this.#now() - beganAt);
      if (isSlow) this.#slow.set(lane, true);
      else this.#slow.delete(lane);
      return sleep(restMs, undefined, { ref: false });
    });
    this.#ends.set(lane, end);
    void end.then(() => this.#ends.get(lane) === end && this.#ends.delete(lane));
    return mine;
  }
}

/** So much work is done at a time, in the order in which it came. */
class Places {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async in<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((begin) => this.#waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
