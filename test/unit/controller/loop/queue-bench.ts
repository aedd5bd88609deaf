import { jest } from '@jest/globals';
import { Queue, type Requeue } from '../../../../controller/loop/queue.ts';

export const BACKOFF = { first: 100, max: 1_000 };

/** A queue for fake timers, whose work lasts until it is told to end, with all that it did. */
export class Bench {
  readonly begun: string[] = [];
  readonly errors: string[] = [];
  readonly queue: Queue;
  readonly #ends: { key: string; end: (next: Requeue | Error) => void }[] = [];

  constructor(workers: number, maxPerNamespace = workers) {
    this.queue = new Queue((key) => this.#work(key), {
      workers,
      maxPerNamespace,
      backoff: BACKOFF,
      onError: (key) => this.errors.push(key),
    });
  }

  get running(): string[] {
    return this.#ends.map(({ key }) => key);
  }

  /** Ends the work on a key that has been worked on the longest, and lets the queue go on. */
  async end(key: string, next: Requeue | Error = {}): Promise<void> {
    const index = this.#ends.findIndex((work) => work.key === key);
    const [work] = this.#ends.splice(index, 1);
    if (index < 0 || !work) throw new Error(`${key} is not being worked on`);
    work.end(next);
    await jest.advanceTimersByTimeAsync(0);
  }

  #work(key: string): Promise<Requeue> {
    this.begun.push(key);
    return new Promise((resolve, reject) => {
      const end = (next: Requeue | Error): void => (next instanceof Error ? reject(next) : resolve(next));
      this.#ends.push({ key, end });
    });
  }
}
