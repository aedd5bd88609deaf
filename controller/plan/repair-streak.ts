import { backoffMs } from '../../kube/index.ts';

/** How often something was corrected in succession, when it was last corrected, and when it may be again; milliseconds of one clock. */
export interface RepairStreak {
  times: number;
  at: number;
  dueAt: number;
}

/** How many repairs may follow each other as fast as somebody undoes them. */
const FREE_REPAIRS = 3;
/** What stays corrected for this long is no longer contested. */
const PEACE_MS = 60_000;
const PAUSE_MS = { first: 60_000, max: 30 * 60_000 };

/**
 * The state after one more repair at `now`. The third repair in a row starts a pause, and each that soon follows a pause doubles the next.
 */
export function streakAfterRepair(before: RepairStreak | undefined, now: number): RepairStreak {
  const isInARow = before !== undefined && now < Math.max(before.at, before.dueAt) + PEACE_MS;
  const times = isInARow ? before.times + 1 : 1;
  return { times, at: now, dueAt: now + pauseMs(times) };
}

/** Whether a repair has to wait. */
export function isRepairPaused(streak: RepairStreak | undefined, now: number): boolean {
  return streak !== undefined && now < streak.dueAt;
}

/** Whether the next repair will count as the first again, so that the earlier ones need not be remembered. */
export function hasSettled({ at, dueAt }: RepairStreak, now: number): boolean {
  return now >= Math.max(at, dueAt) + PEACE_MS;
}

function pauseMs(times: number): number {
  return backoffMs(times - FREE_REPAIRS + 1, PAUSE_MS);
}
