import { describe, expect, test } from '@jest/globals';
import type { EventRow, OperationView } from '../../../../dashboard/api/index.ts';
import { lastOf, spansOf } from '../../../../dashboard/page/release/recent/health-spans.ts';
import { NO_TIMES, withPhase } from '../../../../dashboard/page/release/phase-times.ts';
import { rowNamed } from './rows.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const event = (minute: number, reason: string, more: Partial<EventRow> = {}): EventRow => ({
  at: at(minute),
  type: reason.endsWith('Succeeded') ? 'Normal' : 'Warning',
  reason,
  object: 'Release/web',
  message: '',
  count: 1,
  ...more,
});

const told = (spans: ReturnType<typeof spansOf>): string[] =>
  spans.map(({ health, from, to }) => `${health} ${new Date(from).getUTCMinutes()}-${new Date(to).getUTCMinutes()}`);

const row = rowNamed('shop', 'web', { health: 'Green', changed: at(50) });

test('the health of a Release over time is read from its events, in order', () => {
  const events = [
    event(5, 'InstallSucceeded'),
    event(20, 'Unhealthy'),
    event(30, 'ApplyFailed'),
    event(50, 'UpgradeSucceeded'),
  ];
  expect(told(spansOf(events, row, Date.parse(at(55))))).toEqual(['Green 5-20', 'Red 20-50', 'Green 50-55']);
});

test('events about other objects, and irrelevant ones, have no effect', () => {
  const events = [
    event(5, 'InstallSucceeded'),
    event(10, 'Failed', { object: 'Pod/web' }),
    event(12, 'DriftDetected'),
    event(13, 'VolumeKept'),
    event(14, 'Recreated', { type: 'Normal' }),
  ];
  expect(told(spansOf(events, row, Date.parse(at(55))))).toEqual(['Green 5-55']);
});

test('the current colour takes precedence over a late event', () => {
  const events = [event(52, 'Unhealthy')];
  expect(told(spansOf(events, row, Date.parse(at(55))))).toEqual(['Green 50-55']);
});

test('spans from too long ago are cut off', () => {
  const spans = spansOf([event(5, 'InstallSucceeded'), event(20, 'Unhealthy')], row, Date.parse(at(55)));
  expect(told(lastOf(spans, Date.parse(at(25))))).toEqual(['Red 25-50', 'Green 50-55']);
});

describe('the durations of phases', () => {
  const at = (phase: OperationView['phase'], version = 2): OperationView => ({
    type: 'Upgrade',
    version,
    phase,
    startedAt: '2026-01-01T00:00:00Z',
    hooks: [],
  });
  const after = (...seen: readonly (readonly [OperationView | undefined, number])[]) => [
    ...seen.reduce((times, [operation, ms]) => withPhase(times, operation, ms), NO_TIMES).took,
  ];

  test('are known for phases seen from beginning to end', () => {
    expect(after([at('Before'), 1_000], [at('Before'), 2_000], [at('Applying'), 4_000], [at('Done'), 9_000])).toEqual([
      ['Before', 3_000],
      ['Applying', 5_000],
    ]);
    expect(after([at('Applying'), 1_000], [at('After'), 4_000], [at('Done'), 6_000])).toEqual([['After', 2_000]]);
  });

  test('are those of one operation', () => {
    const seen = [[at('Before'), 0] as const, [at('Applying'), 4_000] as const];
    expect(after(...seen, [at('Before', 3), 5_000])).toEqual([]);
    expect(after(...seen, [undefined, 5_000])).toEqual([]);
  });
});
