import { isDeepStrictEqual } from 'node:util';
import type { ReleaseStatus } from '../../crds/index.ts';
import { backoffMs } from '../../kube/index.ts';
import { mayBeWork } from '../../resources/index.ts';
import { progressOf, type Progress } from './progress.ts';

/** What a status says that the one before did not: how far the Release has come, its health and nothing else, or a mere detail of it. */
export type StatusChange = 'progress' | 'flip' | 'detail';

interface Written {
  at: number;
  /** How many flips were written since progress was last written. */
  flips: number;
}

const DETAIL_PAUSE_MS = 2_000;
/** This many flips are written at once, further ones at intervals that double. */
const FREE_FLIPS = 2;
const FLIP_PAUSE_MS = { first: 2_000, max: 60_000 };
/** A health that has changed this often, without anything else happening, is flapping. */
const FLAPPING_FLIPS = 4;
/** After this time without a write, flips are counted from zero again. */
const QUIET_MS = 120_000;

/** When each Release's status was last written, so that details and flips are not written one by one. */
export class StatusRateLimiter {
  readonly #written = new Map<string, Written>();

  /** Records a write. */
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

  /** For how many more milliseconds a Release's health counts as flapping, unless it goes on; undefined if it is not. */
  flappingMs(key: string): number | undefined {
    const { at, flips } = this.#written.get(key) ?? { at: 0, flips: 0 };
    const leftMs = at + QUIET_MS - performance.now();
    return flips < FLAPPING_FLIPS || leftMs <= 0 ? undefined : Math.ceil(leftMs);
  }

  /** Forgets a Release. */
  forget(key: string): void {
    this.#written.delete(key);
  }
}

/**
 * What kind of change a status is. How a hook ended, and that work may end from now on, cannot be seen again; and the answer to an edit is
 * not held back. That a version is applied is found again by the next pass: it may be written together with the health that its children
 * then have.
 */
export function statusChangeOf(status: ReleaseStatus, stored: ReleaseStatus | undefined): StatusChange {
  if (status.lastHandledReconcile !== stored?.lastHandledReconcile) return 'progress';
  const [now, before] = [progressOf(status), progressOf(stored)];
  const isStillYellow = status.health === 'Yellow' && isAsWell(status, stored);
  if (isStillYellow && isDeepStrictEqual(now.hooks, before.hooks) && mayWait(now, before)) return 'detail';
  const isAnswer = status.observedGeneration !== stored?.observedGeneration;
  return isAnswer || !isDeepStrictEqual(now, before) ? 'progress' : wordsOrFlip(status, stored);
}

function wordsOrFlip(status: ReleaseStatus, stored: ReleaseStatus | undefined): StatusChange {
  return isAsWell(status, stored) ? 'detail' : 'flip';
}

/** That a version with work in it is applied cannot wait: the work may end from now on. */
function mayWait(now: Progress, before: Progress): boolean {
  return now.version === before.version || !now.inventory.some(({ kind }) => mayBeWork(kind));
}

/** Whether two statuses differ in words at most. */
function isAsWell(status: ReleaseStatus, stored: ReleaseStatus | undefined): boolean {
  const reasons = ({ conditions }: ReleaseStatus = {}) =>
    conditions?.map(({ type, reason }) => `${type} ${reason}`).join();
  return status.health === stored?.health && reasons(status) === reasons(stored);
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
