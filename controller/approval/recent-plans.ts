import { backoffMs } from '../../kube/index.ts';

interface Recent {
  version: number;
  basis: string;
  /** When it was made, on the clock of `performance.now()`. */
  at: number;
  /** How often a plan for this version was made. */
  times: number;
}

const PAUSE_MS = { first: 1_000, max: 300_000 };

/**
 * What the plan of each Release that waits was made from, so that a pass which finds the same need not ask the API server again. Losing this
 * costs another dry run.
 */
export class RecentPlans {
  readonly #known = new Map<string, Recent>();

  /** Whether the last plan of a Release was made from this basis. */
  isMadeFrom(key: string, basis: string): boolean {
    return this.#known.get(key)?.basis === basis;
  }

  /** Milliseconds until a plan for this version may be made again: what it would change may move all the time. */
  pauseMs(key: string, version: number): number {
    const known = this.#known.get(key);
    if (known?.version !== version) return 0;
    return Math.max(0, known.at + backoffMs(known.times, PAUSE_MS) - performance.now());
  }

  /** Records that a plan was made. */
  made(key: string, version: number, basis: string): void {
    const known = this.#known.get(key);
    const times = known?.version === version ? known.times + 1 : 1;
    this.#known.set(key, { version, basis, at: performance.now(), times });
  }

  /** Forgets a Release: nothing of it waits. */
  forget(key: string): void {
    this.#known.delete(key);
  }
}
