import { expect, test } from '@jest/globals';
import { durationMs } from '../../../../controller/pass/duration.ts';

test.each([
  ['500ms', 500],
  ['1s', 1_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['1h30m', 5_400_000],
  ['1m500ms', 60_500],
  ['1.5h', 5_400_000],
  ['0.5s', 500],
  ['0s', 0],
])('%s is %d ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});
