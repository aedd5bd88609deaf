import { beforeEach, expect, test } from '@jest/globals';
import { changeOf, Pace, type StatusChange } from '../../../../controller/status/pace.ts';

const KEY = 'shop/web';
let pace: Pace;

beforeEach(() => {
  pace = new Pace();
});

function wrote(change: StatusChange, times: number): void {
  for (let time = 0; time < times; time += 1) pace.wrote(KEY, change);
}

test('progress never waits, nor does the first write of anything', () => {
  for (const change of ['progress', 'flip', 'detail'] as const) expect(pace.waitMs(KEY, change)).toBe(0);
  wrote('progress', 10);
  expect(pace.waitMs(KEY, 'progress')).toBe(0);
});

test('details wait for those that follow, of each Release by itself', () => {
  wrote('progress', 1);
  expect(pace.waitMs(KEY, 'detail')).toBeGreaterThan(1_000);
  expect(pace.waitMs('shop/other', 'detail')).toBe(0);
  pace.forget(KEY);
  expect(pace.waitMs(KEY, 'detail')).toBe(0);
});

test('health may change some times at once, then it waits ever longer', () => {
  wrote('flip', 3);
  expect(pace.waitMs(KEY, 'flip')).toBe(0);
  wrote('flip', 1);
  expect(pace.waitMs(KEY, 'flip')).toBeLessThanOrEqual(1_000);
  expect(pace.waitMs(KEY, 'flip')).toBeGreaterThan(0);
  wrote('flip', 3);
  expect(pace.waitMs(KEY, 'flip')).toBeGreaterThan(7_000);
  wrote('flip', 20);
  expect(pace.waitMs(KEY, 'flip')).toBeLessThanOrEqual(60_000);
});

test('details are no ups and downs, and progress ends them', () => {
  wrote('detail', 20);
  expect(pace.waitMs(KEY, 'flip')).toBe(0);
  wrote('flip', 20);
  wrote('progress', 1);
  expect(pace.waitMs(KEY, 'flip')).toBe(0);
});

test('the answer to a token is not kept back', () => {
  const status = { health: 'Yellow', conditions: [] } as const;
  expect(changeOf({ ...status, conditions: [], lastHandledReconcile: 'two' }, { ...status, conditions: [] })).toBe(
    'progress',
  );
  expect(changeOf({ ...status, conditions: [], message: 'b' }, { ...status, conditions: [] })).toBe('detail');
});
