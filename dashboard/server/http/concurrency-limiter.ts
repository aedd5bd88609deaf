import { HttpError } from './answers.ts';

/** How many are let through at a time, and may wait. */
export interface ConcurrencyLimits {
  readonly ofOne: number;
  readonly ofAll: number;
  /** How many requests of one viewer may wait. */
  readonly waitingOfOne: number;
}

/** What takes megabytes for a moment, such as the record of a version, is worked out by so many at a time. */
export const RECORD_LIMITS: ConcurrencyLimits = { ofOne: 2, ofAll: 8, waitingOfOne: 30 };

interface Waiting {
  readonly viewer: string;
  readonly go: () => void;
}

/** Lets so many through at a time, of one viewer and of all; of those who wait, a viewer with fewer within goes first, then who came first. */
export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  readonly #within = new Map<string, number>();
  #all = 0;
  #waiting: Waiting[] = [];

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /**
   * Does a step once it may, unless `ended` aborts before: when its answer was read, or nobody waits for it. Until then it counts as one of its
   * viewer's, as an answer takes memory while it is not read; among all, only until it is done. Throws HttpError TooManyRequests where too many
   * wait, and what `step` throws.
   */
  async run<T>(viewer: string, ended: AbortSignal, step: () => Promise<T>): Promise<T> {
    if (this.#mayEnter(viewer)) this.#enter(viewer);
    else await this.#turn(viewer, ended);
    try {
      return await step();
    } finally {
      this.#all -= 1;
      this.#admitNext();
      if (ended.aborted) this.#leave(viewer);
      else ended.addEventListener('abort', () => this.#leave(viewer));
    }
  }

  #mayEnter(viewer: string): boolean {
    return this.#all < this.#limits.ofAll && this.#number(viewer) < this.#limits.ofOne;
  }

  #number(viewer: string): number {
    return this.#within.get(viewer) ?? 0;
  }

  #enter(viewer: string): void {
    this.#all += 1;
    this.#within.set(viewer, this.#number(viewer) + 1);
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
    const its = this.#number(viewer) - 1;
    if (its === 0) this.#within.delete(viewer);
    else this.#within.set(viewer, its);
    this.#admitNext();
  }

  #admitNext(): void {
    const [next] = this.#waiting
      .filter(({ viewer }) => this.#mayEnter(viewer))
      .toSorted((one, other) => this.#number(one.viewer) - this.#number(other.viewer));
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.#enter(next.viewer);
    next.go();
  }
}
