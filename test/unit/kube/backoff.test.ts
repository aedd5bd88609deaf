import { expect, test } from '@jest/globals';
import { backoffMs, jitteredBackoffMs } from '../../../kube/backoff.ts';

const BACKOFF = { first: 100, max: 1_000 };

test.each([
  [0, 0],
  [1, 100],
  [2, 200],
  [3, 400],
  [4, 800],
  [5, 1_000],
  [50, 1_000],
  [5_000, 1_000],
])('after %d failures in a row the delay is %d ms, of which at most half is taken off', (failures, delay) => {
  expect(backoffMs(failures, BACKOFF)).toBe(delay);
  for (let sample = 0; sample < 100; sample += 1) {
    const ms = jitteredBackoffMs(failures, BACKOFF);
    expect(ms).toBeLessThanOrEqual(delay);
    expect(ms).toBeGreaterThanOrEqual(delay / 2);
  }
});
