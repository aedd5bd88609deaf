import { expect, test } from '@jest/globals';
import {
  streakAfterRepair,
  hasSettled,
  isRepairPaused,
  type RepairStreak,
} from '../../../../controller/plan/repair-streak.ts';

const MINUTE = 60_000;

/** Puts back whatever is undone at once, as often as that is allowed, and returns how often in so long. */
function repairsWithin(durationMs: number): number {
  let streak: RepairStreak | undefined;
  let repairs = 0;
  for (let now = 0; now < durationMs; now += 500) {
    if (isRepairPaused(streak, now)) continue;
    streak = streakAfterRepair(streak, now);
    repairs += 1;
  }
  return repairs;
}

test.each([
  [MINUTE, 3],
  [2 * MINUTE, 4],
  [10 * MINUTE, 6],
  [24 * 60 * MINUTE, 54],
])('a repair that is undone at once is made only so often: in %i ms, %i times', (durationMs, times) => {
  expect(repairsWithin(durationMs)).toBe(times);
});

test('a repair that lasts for a minute restarts the count', () => {
  const third = [0, 1, 2].reduce<RepairStreak | undefined>((before, now) => streakAfterRepair(before, now), undefined);
  expect(third).toMatchObject({ times: 3, dueAt: MINUTE + 2 });
  expect(third && streakAfterRepair(third, 2 * MINUTE + 1)).toMatchObject({ times: 4 });
  expect(third && streakAfterRepair(third, 2 * MINUTE + 2)).toMatchObject({ times: 1 });
  expect(third && [hasSettled(third, 2 * MINUTE + 1), hasSettled(third, 2 * MINUTE + 2)]).toEqual([false, true]);
});
