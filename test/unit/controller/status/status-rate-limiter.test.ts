import { beforeEach, expect, test } from '@jest/globals';
import {
  statusChangeOf,
  StatusRateLimiter,
  type StatusChange,
} from '../../../../controller/status/status-rate-limiter.ts';

const KEY = 'shop/web';
let rateLimiter: StatusRateLimiter;

beforeEach(() => {
  rateLimiter = new StatusRateLimiter();
});

function wrote(change: StatusChange, times: number): void {
  for (let time = 0; time < times; time += 1) rateLimiter.wrote(KEY, change);
}

test('progress never waits, nor does the first write of anything', () => {
  for (const change of ['progress', 'flip', 'detail'] as const) expect(rateLimiter.waitMs(KEY, change)).toBe(0);
  wrote('progress', 10);
  expect(rateLimiter.waitMs(KEY, 'progress')).toBe(0);
});

test('details wait for those that follow, separately for each Release', () => {
  wrote('progress', 1);
  expect(rateLimiter.waitMs(KEY, 'detail')).toBeGreaterThan(1_000);
  expect(rateLimiter.waitMs('shop/other', 'detail')).toBe(0);
  rateLimiter.forget(KEY);
  expect(rateLimiter.waitMs(KEY, 'detail')).toBe(0);
});

test('health may change a few times at once, then it waits longer and longer', () => {
  wrote('flip', 1);
  expect(rateLimiter.waitMs(KEY, 'flip')).toBe(0);
  wrote('flip', 1);
  expect(rateLimiter.waitMs(KEY, 'flip')).toBeLessThanOrEqual(2_000);
  expect(rateLimiter.waitMs(KEY, 'flip')).toBeGreaterThan(1_000);
  wrote('flip', 3);
  expect(rateLimiter.waitMs(KEY, 'flip')).toBeGreaterThan(7_000);
  wrote('flip', 20);
  expect(rateLimiter.waitMs(KEY, 'flip')).toBeLessThanOrEqual(60_000);
});

test('a health that has changed four times without progress is flapping, until there is progress', () => {
  wrote('flip', 3);
  wrote('detail', 3);
  expect(rateLimiter.flappingMs(KEY)).toBeUndefined();
  wrote('flip', 1);
  expect(rateLimiter.flappingMs(KEY)).toBeGreaterThan(60_000);
  wrote('progress', 1);
  expect(rateLimiter.flappingMs(KEY)).toBeUndefined();
});

test('details are no flapping, and progress ends it', () => {
  wrote('detail', 20);
  expect(rateLimiter.waitMs(KEY, 'flip')).toBe(0);
  wrote('flip', 20);
  wrote('progress', 1);
  expect(rateLimiter.waitMs(KEY, 'flip')).toBe(0);
});

test('the answer to a token is not delayed', () => {
  const status = { health: 'Yellow', conditions: [] } as const;
  expect(
    statusChangeOf({ ...status, conditions: [], lastHandledReconcile: 'two' }, { ...status, conditions: [] }),
  ).toBe('progress');
  expect(statusChangeOf({ ...status, conditions: [], message: 'b' }, { ...status, conditions: [] })).toBe('detail');
});

test('a changed message is a detail if the colour stays, whatever the colour', () => {
  const red = { health: 'Red', message: 'a', conditions: [] } as const;
  expect(statusChangeOf({ ...red, conditions: [], message: 'b' }, { ...red, conditions: [] })).toBe('detail');
  expect(statusChangeOf({ ...red, conditions: [], health: 'Green' }, { ...red, conditions: [] })).toBe('flip');
});
