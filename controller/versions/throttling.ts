import type { ReleaseHistory } from '../../crds/index.ts';
import { backoffMs } from '../../kube/index.ts';

/** The least time between versions that no edit made, and the quiet period after which they are counted anew; milliseconds. */
const DISTANCE_MS = { first: 2_000, max: 600_000 };
const QUIET_MS = 60_000;

/** When the next version after `newest` may be made because of a change outside the spec; milliseconds since 1970, like `now`. */
export function nextAutomaticAt(newest: ReleaseHistory | undefined, now: number): number {
  if (!newest) return now;
  const { streak = 0, recordedAt } = newest.spec;
  // A clock that was set back must not make it wait longer.
  return Math.min(Date.parse(recordedAt), now) + distanceMs(streak);
}

/**
 * When a plan that waits for approval, and for which `planned` was recorded, may be made anew because something outside the spec has moved;
 * `times` is how often it was made. Milliseconds since 1970, like `now`.
 */
export function nextPlanAt(planned: ReleaseHistory, times: number, now: number): number {
  return Math.min(Date.parse(planned.spec.recordedAt), now) + distanceMs(times);
}

/**
 * The place of a version recorded now in a streak of versions that no edit made, with no quiet period between them; undefined if an edit
 * made it.
 */
export function streakAfter(
  newest: ReleaseHistory | undefined,
  cause: ReleaseHistory['spec']['cause'],
  now: number,
): number | undefined {
  if (cause === 'Edit') return undefined;
  const { streak = 0, recordedAt } = newest?.spec ?? {};
  const isQuiet = now - Date.parse(recordedAt ?? '') > 2 * distanceMs(streak) + QUIET_MS;
  return isQuiet ? 1 : streak + 1;
}

function distanceMs(streak: number): number {
  return backoffMs(streak, DISTANCE_MS);
}
