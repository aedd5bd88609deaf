import { expect, test } from '@jest/globals';
import { RecentPlans } from '../../../../controller/approval/recent-plans.ts';

test('a plan is made again after growing delays, and at once for another version or once nothing waits', () => {
  const plans = new RecentPlans();
  expect(plans.pauseMs('shop/web', 2)).toBe(0);
  const pauses = Array.from({ length: 3 }, () => {
    plans.made('shop/web', 2, 'basis');
    return plans.pauseMs('shop/web', 2);
  });
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(new Set(pauses).size).toBe(3);
  expect(plans.pauseMs('shop/web', 3)).toBe(0);
  expect(plans.pauseMs('shop/other', 2)).toBe(0);
  plans.forget('shop/web');
  expect(plans.pauseMs('shop/web', 2)).toBe(0);
});

test('what the last plan of a Release was made from is remembered', () => {
  const plans = new RecentPlans();
  expect(plans.isMadeFrom('shop/web', 'one')).toBe(false);
  plans.made('shop/web', 2, 'one');
  expect(plans.isMadeFrom('shop/web', 'one')).toBe(true);
  plans.made('shop/web', 2, 'two');
  expect(plans.isMadeFrom('shop/web', 'one')).toBe(false);
});
