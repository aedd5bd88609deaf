import { HttpError } from './answers.ts';

/** How many are let through at a time, and may wait. */
export interface ConcurrencyLimits {
  readonly ofOne: number;
  readonly ofAll: number;
  /** How many requests of one viewer may wait. */
  readonly waitingOfOne: number;
}

/** What takes megabytes for a moment, such as the record of a version, is read by so many at a time. */
export const RECORD_LIMITS: ConcurrencyLimits = { ofOne: 2, ofAll: 8, waitingOfOne: 30 };

interface Waiting {
  readonly viewer: string;
  readonly go: () => void;
}

/** Lets so many through at a time, of one viewer and of all; others wait, who came first goes first, past those whose viewer has enough within. */
export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  readonly #within = new Map<string, number>();
  #all = 0;
  #waiting: Waiting[] = [];

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /** Does a step once it may, unless `ended` aborts before. Throws HttpError TooManyRequests where too many wait, and what `step` throws. */
  async run<T>(viewer: string, ended: AbortSignal, step: () => Promise<T>): Promise<T> {
    if (this.#mayEnter(viewer)) this.#enter(viewer);
    else await this.#turn(viewer, ended);
    try {
      return await step();
    } finally {
      this.#leave(viewer);
    }
  }

  #mayEnter(viewer: string): boolean {
    return this.#all < this.#limits.ofAll && (this.#within.get(viewer) ?? 0) < this.#limits.ofOne;
  }

  #enter(viewer: string): void {
    this.#all += 1;
    this.#within.set(viewer, (this.#within.get(viewer) ?? 0) + 1);
  }

  /** Resolves once there is room, which is taken by then. */
  async #turn(viewer: string, ended: AbortSignal): Promise<void> {
    if (this.#waiting.filter((each) => each.viewer === viewer).length >= this.#limits.waitingOfOne)
      throw new HttpError(429, 'TooManyRequests', 'too much is asked at once: close some windows of the dashboard');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { viewer, go: resolve };
    this.#waiting.push(waiting);
    ended.addEventListener('abort', () => {
      if (!this.#waiting.includes(waiting)) return;
      this.#waiting = this.#waiting.filter((each) => each !== waiting);
      reject(new HttpError(503, 'Abandoned', 'nobody waits for the answer any more'));
    });
    return promise;
  }

  #leave(viewer: string): void {
    this.#all -= 1;
    const its = (this.#within.get(viewer) ?? 1) - 1;
    if (its === 0) this.#within.delete(viewer);
    else this.#within.set(viewer, its);
    const next = this.#waiting.find((each) => this.#mayEnter(each.viewer));
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.#enter(next.viewer);
    next.go();
  }
}
