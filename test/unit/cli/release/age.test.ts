import { describe, expect, test } from '@jest/globals';

import { ageOf } from '../../../../cli/release/age.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const before = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();

describe('ageOf', () => {
  test.each([
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [190, '3m10s'],
    [3_600, '60m'],
    [3 * 3_600, '3h'],
    [3 * 3_600 + 300, '3h5m'],
    [9 * 3_600 + 300, '9h'],
    [3 * 86_400 + 7_200, '3d2h'],
    [30 * 86_400, '30d'],
    [800 * 86_400, '2y70d'],
    [-30, '0s'],
  ])('%i s is %s', (seconds, expected) => {
    expect(ageOf(before(seconds), NOW)).toBe(expected);
  });

  test('an invalid time is unknown', () => {
    expect(ageOf('yesterday', NOW)).toBe('<unknown>');
  });
});
