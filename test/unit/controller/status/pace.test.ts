import { expect, test } from '@jest/globals';
import { Pace } from '../../../../controller/status/pace.ts';

test('waits what is left of the pause since the last write, for each Release', () => {
  const pace = new Pace();
  expect(pace.waitMs('shop/web', 60_000)).toBe(0);
  pace.wrote('shop/web');
  expect(pace.waitMs('shop/web', 60_000)).toBeGreaterThan(50_000);
  expect(pace.waitMs('shop/web', 60_000)).toBeLessThanOrEqual(60_000);
  expect(pace.waitMs('shop/web', 0)).toBe(0);
  expect(pace.waitMs('shop/other', 60_000)).toBe(0);
  pace.forget('shop/web');
  expect(pace.waitMs('shop/web', 60_000)).toBe(0);
});
