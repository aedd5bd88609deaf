import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How many receivers are contacted at a time. Resolving a name holds a thread of the process and cannot be cancelled:
 * deploy/controller.yaml has threads for this many besides those that passes may hold.
 */
export const MAX_AT_ONCE = 32;

/** Work in lanes: one at a time in each, with a rest after it; and in all of them `atOnce` at a time, in the order in which they came. */
export class Lanes {
  /** The end of what is done in each lane. */
  readonly #ends = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number = MAX_AT_ONCE) {
    this.#free = atOnce;
  }

  /** `work` never throws; `restMs` says for how many milliseconds nothing is done in the lane after it. */
  async in<T>(lane: string, work: () => Promise<T>, restMs: (result: T) => number): Promise<T> {
    const before = this.#ends.get(lane);
    const mine = (async () => {
      await before;
      return this.#inTurn(work);
    })();
    const end = mine.then((result) => sleep(restMs(result), undefined, { ref: false }));
    this.#ends.set(lane, end);
    void end.then(() => this.#ends.get(lane) === end && this.#ends.delete(lane));
    return mine;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
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
