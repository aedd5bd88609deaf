import { describe, expect, test } from '@jest/globals';
import {
  isUnaskedRollback,
  retriesOf,
  rollbackInMs,
  rolledBackFailure,
  rolledBackOf,
  withOutcome,
  type VersionFindings,
} from '../../../../controller/status/failed-version.ts';
import { withUnfinished } from '../../../../controller/status/unfinished.ts';
import { progressOf } from '../../../../controller/status/progress.ts';
import type { Condition, OnFailure, ReleaseSpec, ReleaseStatus, ResourceStatus } from '../../../../crds/index.ts';
import { content, history, release } from '../releases.ts';

const APPLIED = '2026-01-01T00:00:00.000Z';
const ROLLBACK: OnFailure = { strategy: 'Rollback', delay: '30s', redTimeout: '1m' };
const HISTORIES = [history(1, content('a')), history(2, content('b')), history(3, content('c'))];

const OPERATION = { type: 'Upgrade', version: 2, from: 1, phase: 'Done', startedAt: APPLIED } as const;

/** Version 2, applied, in the given health since a time after that. */
function applied(health: 'Green' | 'Yellow' | 'Red', sinceS = 0): ReleaseStatus {
  const healthy: Condition = {
    type: 'Healthy',
    status: health === 'Red' ? 'False' : 'Unknown',
    reason: 'Unhealthy',
    message: '',
    observedGeneration: 1,
    lastTransitionTime: after(sinceS),
  };
  const operation = { ...OPERATION, appliedAt: APPLIED };
  return { version: 2, lastGreen: 1, health, message: 'why', conditions: [healthy], operation };
}

/** Its colour came up beside version 1. */
function beside(health: 'Red' | 'Yellow', sinceS = 0): ReleaseStatus {
  const status = applied(health, sinceS);
  const { operation = OPERATION } = status;
  return { ...status, version: 1, operation: { ...operation, phase: 'Beside' } };
}

function after(seconds: number): string {
  return new Date(Date.parse(APPLIED) + seconds * 1_000).toISOString();
}

function outcome(
  status: ReleaseStatus,
  seconds: number,
  { spec = {}, findings = {} }: { spec?: Partial<ReleaseSpec>; findings?: VersionFindings } = {},
): ReleaseStatus {
  const known = { release: release({ onFailure: ROLLBACK, ...spec }, status), histories: HISTORIES };
  return withOutcome(known, { ...findings, progress: progressOf(status) }, status, new Date(after(seconds)));
}

const failure = (reason: 'HookFailed' | 'ApplyFailed'): VersionFindings['failure'] => ({
  reason,
  message: 'why',
  retry: 'later',
  stalled: true,
});
const failedHook: ReleaseStatus = {
  version: 1,
  lastGreen: 1,
  operation: { ...OPERATION, phase: 'Before', failure: { at: APPLIED, generation: 1, times: 1 } },
  hooks: [{ run: 'r', kind: 'Job', name: 'migrate', phase: 'Failed', message: 'BackoffLimitExceeded' }],
};
const RED_ROW: ResourceStatus = { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web-v1', health: 'Red' };
const RED_COLOUR = { findings: { waiting: { health: 'Red', message: 'crashed' } } } as const;
const refused = new Map([['Job', 'immutable']]);
const refusing: ReleaseStatus = { version: 1, lastGreen: 1, operation: { ...OPERATION, phase: 'Applying' } };

describe('a version is rolled back', () => {
  const rows: [string, ReleaseStatus, number, Parameters<typeof outcome>[2], object][] = [
    ['that was Red for so long', applied('Red', 10), 70, {}, { reason: 'Unhealthy', message: 'why' }],
    ['that is not Green in time', applied('Yellow'), 300, {}, { reason: 'TimedOut', message: 'why' }],
    ['whose colour is Red for so long', beside('Red', 10), 70, RED_COLOUR, { reason: 'Unhealthy', message: 'crashed' }],
    ['whose colour is not Green in time', beside('Yellow'), 300, {}, { reason: 'TimedOut', message: 'why' }],
    [
      'of whose colour an object was refused',
      beside('Yellow'),
      1,
      { findings: { failure: failure('ApplyFailed'), refused } },
      { reason: 'ApplyFailed', message: 'why' },
    ],
    [
      'whose hook failed',
      failedHook,
      1,
      { findings: { failure: failure('HookFailed') } },
      { reason: 'HookFailed', message: 'hook Job/migrate: BackoffLimitExceeded' },
    ],
    [
      'of which an object was refused',
      refusing,
      1,
      { findings: { failure: failure('ApplyFailed'), refused } },
      { reason: 'ApplyFailed', message: 'why' },
    ],
  ];
  test.each(rows)('%s', (_, status, seconds, more, expected) => {
    expect(outcome(status, seconds, more).rolledBack).toEqual({ version: 2, to: 1, at: after(seconds), ...expected });
  });
});

test('a version of which nothing was applied gives way to the one in force, whether that was Green or not', () => {
  const operation = { ...failedHook.operation, type: 'Upgrade', version: 3, from: 2, startedAt: APPLIED } as const;
  const findings = { failure: failure('HookFailed') };
  const before: ReleaseStatus = { ...failedHook, version: 2, operation: { ...operation, phase: 'Before' } };
  expect(outcome(before, 1, { findings }).rolledBack).toMatchObject({ version: 3, to: 2 });
  const after: ReleaseStatus = { ...before, version: 3, operation: { ...operation, phase: 'After' } };
  expect(outcome(after, 1, { findings }).rolledBack).toMatchObject({ version: 3, to: 1 });
});

describe('a version is not rolled back', () => {
  const red = applied('Red');
  const rows: [string, ReleaseStatus, number, Parameters<typeof outcome>[2]][] = [
    ['with Stop', red, 300, { spec: { onFailure: { ...ROLLBACK, strategy: 'Stop' } } }],
    ['without onFailure', red, 300, { spec: { onFailure: undefined } as never }],
    ['while suspended', red, 300, { spec: { suspend: true } }],
    ['before it was Red for so long', applied('Red', 10), 69, {}],
    ['that was Red before it was applied', applied('Red', -600), 59, {}],
    ['where the version in force is Red as well', { ...beside('Red'), resources: [RED_ROW] }, 299, RED_COLOUR],
    ['where only the version in force is Red', beside('Red'), 299, { findings: { waiting: { health: 'Yellow' } } }],
    ['before its time is over', applied('Yellow'), 299, {}],
    ['long after that: nobody was there to see it', red, 601, {}],
    ['that was Green once', { ...red, lastGreen: 2 }, 300, {}],
    ['where none was Green before', { version: 2, health: 'Red', operation: OPERATION }, 300, {}],
    ['where that one is not recorded', { ...red, lastGreen: 7 }, 300, {}],
    ['where it was applied unwatched', { ...red, operation: OPERATION }, 300, {}],
    ['that was rolled back to', { ...red, operation: { ...OPERATION, type: 'Rollback', appliedAt: APPLIED } }, 300, {}],
    ['whose last hooks run', { ...red, operation: { ...OPERATION, phase: 'After', appliedAt: APPLIED } }, 300, {}],
    [
      'whose hook may run again',
      failedHook,
      1,
      { spec: { onFailure: { ...ROLLBACK, retries: 1 } }, findings: { failure: failure('HookFailed') } },
    ],
    [
      'whose first hooks run once more',
      {
        ...failedHook,
        version: 2,
        operation: { ...OPERATION, from: 2, phase: 'Before', failure: { at: APPLIED, generation: 1, times: 1 } },
      },
      1,
      { findings: { failure: failure('HookFailed') } },
    ],
    [
      'whose drift cannot be corrected',
      applied('Green'),
      1,
      { findings: { failure: failure('ApplyFailed'), refused } },
    ],
  ];
  test.each(rows)('%s', (_, status, seconds, more) => {
    expect(outcome(status, seconds, more).rolledBack).toBeUndefined();
  });

  test('twice', () => {
    const decided = outcome(applied('Red'), 60);
    expect(outcome(decided, 90).rolledBack).toEqual(decided.rolledBack);
  });

  test('that becomes Green before the rollback begins, or once the spec asks for no rollback', () => {
    const decided = outcome(applied('Red'), 60);
    const green: ReleaseStatus = { ...decided, health: 'Green' };
    const spec = content('b');
    expect(outcome(decided, 90, { spec }).rolledBack).toEqual(decided.rolledBack);
    expect(outcome(green, 90, { spec })).toMatchObject({ lastGreen: 2 });
    expect(outcome(green, 90, { spec }).rolledBack).toBeUndefined();
    expect(
      outcome(decided, 90, { spec: { ...spec, onFailure: { ...ROLLBACK, strategy: 'Stop' } } }).rolledBack,
    ).toBeUndefined();
    // It has begun: the content is that of version 1 already.
    expect(outcome(green, 90, { spec: content('a') }).rolledBack).toEqual(decided.rolledBack);
  });
});

describe('a Green version is noted', () => {
  const green: ReleaseStatus = { ...applied('Green'), lastGreen: 1 };

  test('in the first status that says so, even when another version is already begun', () => {
    expect(outcome(green, 1).lastGreen).toBe(2);
    const known = { release: release({}, green), histories: HISTORIES };
    const next: ReleaseStatus = { version: 2, lastGreen: 1, operation: { ...OPERATION, version: 3, phase: 'Before' } };
    expect(withOutcome(known, { progress: progressOf(next) }, next, new Date(APPLIED)).lastGreen).toBe(2);
  });

  test('until somebody rolls back from it, so that it does not return unasked', () => {
    const back: ReleaseStatus = {
      ...green,
      lastGreen: 2,
      operation: { ...OPERATION, type: 'Rollback', version: 1, from: 2, phase: 'Before' },
    };
    expect(outcome(back, 1).lastGreen).toBe(2);
    const left: ReleaseStatus = {
      ...back,
      health: 'Yellow',
      operation: { ...OPERATION, type: 'Rollback', version: 1, from: 2, phase: 'Applying' },
    };
    expect(outcome(left, 1).lastGreen).toBeUndefined();
    expect(outcome({ ...left, lastGreen: 1 }, 1).lastGreen).toBe(1);
  });

  test('without a write of its own', () => {
    const known = { release: release({}, green), histories: HISTORIES };
    expect(withOutcome(known, { progress: progressOf(green) }, green, new Date(APPLIED))).toEqual(green);
  });
});

test('a pass is due when a version counts as failed', () => {
  const due = (status: ReleaseStatus, seconds: number): number | undefined => {
    const known = { release: release({ onFailure: ROLLBACK }, status), histories: HISTORIES };
    return rollbackInMs(known, {}, status, new Date(after(seconds)));
  };
  expect(due(applied('Red', 10), 20)).toBe(50_000);
  expect(due(applied('Yellow'), 20)).toBe(280_000);
  expect(due(applied('Green'), 20)).toBeUndefined();
  expect(due(applied('Red'), 601)).toBeUndefined();
});

test('hooks run again by themselves only where the spec says so', () => {
  expect(retriesOf(undefined)).toBe(0);
  const strategies = ['Stop', 'Rollback', 'Retry'] as const;
  expect(strategies.map((strategy) => retriesOf({ ...ROLLBACK, strategy }))).toEqual([0, 0, 3]);
  expect(strategies.map((strategy) => retriesOf({ ...ROLLBACK, strategy, retries: 7 }))).toEqual([0, 7, 7]);
});

test('a rollback is automatic from the failure on until it is done', () => {
  const rolledBack = { version: 2, to: 1, reason: 'Unhealthy', message: 'why', at: APPLIED } as const;
  const unasked = (version: number, status: ReleaseStatus, deletionTimestamp?: string): boolean =>
    isUnaskedRollback(release({ version }, status, deletionTimestamp === undefined ? {} : { deletionTimestamp }));
  expect(unasked(1, { rolledBack })).toBe(true);
  expect(unasked(2, { rolledBack })).toBe(false);
  expect(unasked(3, { rolledBack })).toBe(false);
  expect(unasked(1, { rolledBack: { ...rolledBack, generation: 2 } })).toBe(false);
  expect(unasked(1, { rolledBack }, APPLIED)).toBe(false);
  expect(unasked(1, {})).toBe(false);
});

describe('after an automatic rollback', () => {
  const rolledBack = { version: 2, to: 1, reason: 'Unhealthy', message: 'why', at: APPLIED } as const;
  const done: ReleaseStatus = { rolledBack, operation: { ...OPERATION, type: 'Rollback', version: 1 } };
  const told = (letter: string, generation: number, status = done) => {
    const known = { release: release(content(letter), status, { generation }), histories: HISTORIES };
    return rolledBackOf(known, progressOf(status));
  };

  test('the Release reports it, stalled, with the way forward', () => {
    expect(rolledBackFailure(progressOf(done))).toMatchObject({ reason: 'RolledBack', stalled: true });
    expect(rolledBackFailure(progressOf(done))?.message).toContain('set spec.version to 2');
    const underWay: ReleaseStatus = { rolledBack, operation: { ...OPERATION, version: 1, phase: 'Before' } };
    expect(rolledBackFailure(progressOf(underWay))).toBeUndefined();
  });

  test('until an edit asks for the version rolled back to', () => {
    expect(told('a', 5)).toEqual({ ...rolledBack, generation: 5 });
    const known = { ...done, rolledBack: { ...rolledBack, generation: 5 } };
    expect(told('a', 5, known)).toEqual(known.rolledBack);
    expect(told('b', 6, known)).toEqual(known.rolledBack);
    expect(told('a', 6, known)).toBeUndefined();
  });
});

describe('a version is unfinished', () => {
  const rows = [1, 2].map((version) => ({ version, chart: 'web', time: APPLIED, description: '' }));
  const unfinished = (stored: ReleaseStatus, now: ReleaseStatus): number[] => {
    const { history: marked = [] } = withUnfinished({ ...now, history: rows }, stored);
    return marked.flatMap((row) => (row.unfinished ? [row.version] : []));
  };
  const after: ReleaseStatus = { operation: { ...OPERATION, phase: 'After' } };
  const back: ReleaseStatus = { operation: { ...OPERATION, version: 1, phase: 'Before' } };

  test('that was left before its last hooks succeeded, until it completes', () => {
    expect(unfinished(after, after)).toEqual([]);
    expect(unfinished(after, back)).toEqual([2]);
    const history = rows.map((row) => (row.version === 2 ? { ...row, unfinished: true } : row));
    expect(unfinished({ ...back, history }, back)).toEqual([2]);
    expect(unfinished({ ...back, history }, { operation: OPERATION })).toEqual([]);
  });

  test('that was rolled back because it failed', () => {
    const rolledBack = { version: 2, to: 1, reason: 'Unhealthy', message: '', at: APPLIED } as const;
    expect(unfinished({ operation: OPERATION }, { ...back, rolledBack })).toEqual([2]);
  });
});
