import { expect, test } from '@jest/globals';
import { nextAutomaticAt, streakAfter } from '../../../../controller/versions/throttling.ts';
import { history } from '../releases.ts';

const NOW = Date.parse('2026-02-01T00:00:00Z');

function recorded(streak: number | undefined, agoMs: number) {
  const given = history(3);
  const recordedAt = new Date(NOW - agoMs).toISOString();
  return { ...given, spec: { ...given.spec, recordedAt, ...(streak === undefined ? {} : { streak }) } };
}

test.each<[string, number | undefined, number, number]>([
  ['after an edit, at once', undefined, 0, 1],
  ['the next one soon', 1, 2_000, 2],
  ['while they keep coming', 4, 60_000, 5],
  ['after a quiet time, from the beginning', 4, 100_000, 1],
  ['however many there were, after an hour', 50, 3_600_000, 1],
])('%s', (_title, streak, agoMs, expected) => {
  expect(streakAfter(recorded(streak, agoMs), 'Inputs', NOW)).toBe(expected);
});

test('an edit has no streak, and ends one', () => {
  expect(streakAfter(recorded(7, 10), 'Edit', NOW)).toBeUndefined();
  expect(nextAutomaticAt(recorded(undefined, 10), NOW)).toBeLessThanOrEqual(NOW);
});

test('a Release that feeds itself makes a dozen versions in an hour, not thousands', () => {
  let newest = recorded(undefined, 0);
  let now = NOW;
  let made = 0;
  for (; now < NOW + 3_600_000; made += 1) {
    const streak = streakAfter(newest, 'Inputs', now);
    const spec = {
      ...newest.spec,
      recordedAt: new Date(now).toISOString(),
      ...(streak === undefined ? {} : { streak }),
    };
    newest = { ...newest, spec };
    now = nextAutomaticAt(newest, now);
  }
  expect(made).toBeLessThan(20);
  expect(made).toBeGreaterThan(8);
});
