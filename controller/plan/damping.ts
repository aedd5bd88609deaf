import { backoffMs } from '../../kube/index.ts';

/** How often something was corrected in a row, when last, and when it may be again; milliseconds of one clock. */
export interface Repaired {
  times: number;
  at: number;
  dueAt: number;
}

/** Repairs that follow each other as fast as somebody undoes them. */
const FREE_REPAIRS = 3;
/** What stays corrected for this long is no longer contested. */
const PEACE_MS = 60_000;
const PAUSE_MS = { first: 60_000, max: 30 * 60_000 };

/** What is known after one more repair at `now`: the third within a minute, and each that follows a pause, doubles the next pause. */
export function afterRepair(before: Repaired | undefined, now: number): Repaired {
  const isInARow = before !== undefined && now < Math.max(before.at, before.dueAt) + PEACE_MS;
  const times = isInARow ? before.times + 1 : 1;
  return { times, at: now, dueAt: now + pauseMs(times) };
}

/** Whether a repair has to wait. */
export function isRepairPaused(repaired: Repaired | undefined, now: number): boolean {
  return repaired !== undefined && now < repaired.dueAt;
}

/** Whether the next repair will be the first one again, so that nothing need be known of the others. */
export function isForgotten({ at, dueAt }: Repaired, now: number): boolean {
  return now >= Math.max(at, dueAt) + PEACE_MS;
}

function pauseMs(times: number): number {
  return backoffMs(times - FREE_REPAIRS + 1, PAUSE_MS);
}
