import { backoffMs } from '../../kube/index.ts';

/** What a status tells beside the one before: how far the Release has come, its health and nothing else, or a mere detail of it. */
export type StatusChange = 'progress' | 'flip' | 'detail';

interface Written {
  at: number;
  /** Flips that were written since progress was. */
  flips: number;
}

const DETAIL_PAUSE_MS = 2_000;
/** Health may come and go this often at once, then at a distance that doubles. */
const FREE_FLIPS = 4;
const FLIP_PAUSE_MS = { first: 1_000, most: 60_000 };
/** After such a time without a write, flips are counted anew. */
const QUIET_MS = 120_000;

/** When each Release's status was written last, to keep details, and ups and downs, from being written one by one. */
export class Pace {
  readonly #written = new Map<string, Written>();

  /** Notes a write. */
  wrote(key: string, change: StatusChange): void {
    const now = performance.now();
    const before = this.#written.get(key);
    const isQuiet = before === undefined || now - before.at > QUIET_MS;
    const flips = change === 'progress' || isQuiet ? 0 : before.flips;
    this.#written.set(key, { at: now, flips: change === 'flip' ? flips + 1 : flips });
  }

  /** Milliseconds until such a change may be written; none for progress. */
  waitMs(key: string, change: StatusChange): number {
    const written = this.#written.get(key);
    if (written === undefined) return 0;
    return Math.max(0, written.at + pauseMs(change, written.flips) - performance.now());
  }

  /** Forgets a Release. */
  forget(key: string): void {
    this.#written.delete(key);
  }
}

function pauseMs(change: StatusChange, flips: number): number {
  switch (change) {
    case 'progress':
      return 0;
    case 'detail':
      return DETAIL_PAUSE_MS;
    case 'flip':
      return backoffMs(flips - FREE_FLIPS + 1, FLIP_PAUSE_MS);
  }
}
