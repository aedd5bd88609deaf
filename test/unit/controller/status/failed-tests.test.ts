import { describe, expect, test } from '@jest/globals';
import { rollbackInMs, withOutcome } from '../../../../controller/status/failed-version.ts';
import { progressOf } from '../../../../controller/status/progress.ts';
import { withUnfinished } from '../../../../controller/status/unfinished.ts';
import type { Condition, OnFailure, ReleaseStatus, TestRun } from '../../../../crds/index.ts';
import { content, history, release } from '../releases.ts';

// How the tests of a version count as its failure.

const START = '2026-01-01T00:00:00.000Z';
const ROLLBACK: OnFailure = { strategy: 'Rollback', delay: '30s', redTimeout: '1m' };
const OPERATION = {
  type: 'Upgrade',
  version: 2,
  from: 1,
  phase: 'Testing',
  startedAt: START,
  appliedAt: START,
} as const;
const RUNNING: TestRun = { version: 2, phase: 'Running', startedAt: START, results: [] };
const RESULT = { run: 'r', kind: 'Pod', name: 'smoke', phase: 'Failed', message: 'exit code 1' } as const;
const RED: Condition = {
  type: 'Healthy',
  status: 'False',
  reason: 'Unhealthy',
  message: '',
  observedGeneration: 1,
  lastTransitionTime: START,
};

/** The Release with version 2 under test, `seconds` after it was applied, with its tests failed where `failures` says how often. */
function outcome(
  more: ReleaseStatus,
  seconds: number,
  failures = 0,
  onFailure = ROLLBACK,
): ReleaseStatus['rolledBack'] {
  const failed = { failure: { at: START, generation: 1, times: failures } };
  const operation = { ...OPERATION, ...(failures > 0 && failed) };
  const status: ReleaseStatus = { version: 2, lastGreen: 1, health: 'Yellow', message: 'why', operation, ...more };
  const known = {
    release: release({ onFailure }, status),
    histories: [history(1, content('a')), history(2, content('b'))],
  };
  const failure = { reason: 'TestFailed', message: '', retry: 'later', stalled: true } as const;
  const findings = { progress: progressOf(status), ...(failures > 0 && { failure }) };
  const now = new Date(Date.parse(START) + seconds * 1_000);
  expect(rollbackInMs(known, findings, status, now)).not.toBe(Infinity);
  return withOutcome(known, findings, status, now).rolledBack;
}

const tests: TestRun = { ...RUNNING, phase: 'Failed', results: [RESULT] };

test('a version whose test failed is rolled back, once it has been repeated as often as the spec allows', () => {
  const cause = { version: 2, to: 1, reason: 'TestFailed', message: 'test Pod/smoke: exit code 1' };
  expect(outcome({ tests }, 1, 1)).toMatchObject(cause);
  expect(outcome({ tests }, 1, 1, { ...ROLLBACK, retries: 1 })).toBeUndefined();
  expect(outcome({ tests }, 1, 2, { ...ROLLBACK, retries: 1 })).toMatchObject(cause);
});

test('a version that is never Green, and so never tested, is rolled back', () => {
  expect(outcome({}, 299)).toBeUndefined();
  expect(outcome({}, 300)).toMatchObject({ reason: 'TimedOut' });
});

test('a version with slow tests is not rolled back unless it is Red meanwhile', () => {
  expect(outcome({ tests: RUNNING }, 301)).toBeUndefined();
  expect(outcome({ tests: RUNNING, health: 'Red', conditions: [RED] }, 59)).toBeUndefined();
  expect(outcome({ tests: RUNNING, health: 'Red', conditions: [RED] }, 60)).toMatchObject({ reason: 'Unhealthy' });
});

describe('checks of a colour before the cut', () => {
  const operation = { ...OPERATION, phase: 'Beside' } as const;
  const beside: ReleaseStatus = { operation, version: 1 };
  const failed = { ...operation, failure: { at: START, generation: 1, times: 1 } };
  const running = { ...RUNNING, checks: 'digest' };

  test('count like tests when they fail', () => {
    expect(outcome({ ...beside, operation: failed, tests }, 1, 1)).toMatchObject({
      version: 2,
      to: 1,
      reason: 'TestFailed',
    });
  });

  test('may take their time, but once they have succeeded the colour has to become Green within its own', () => {
    expect(outcome({ ...beside, tests: running }, 301)).toBeUndefined();
    expect(outcome({ ...beside, tests: { ...running, phase: 'Succeeded' } }, 299)).toBeUndefined();
    expect(outcome({ ...beside, tests: { ...running, phase: 'Succeeded' } }, 300)).toMatchObject({
      reason: 'TimedOut',
    });
  });
});

test('a version that was left before its tests succeeded is unfinished', () => {
  const row = { version: 2, chart: '', time: '', description: '' };
  const next = { ...OPERATION, version: 3 };
  expect(withUnfinished({ operation: next, history: [row] }, { operation: OPERATION }).history).toEqual([
    { ...row, unfinished: true },
  ]);
  const done = { ...OPERATION, phase: 'Done' as const };
  expect(withUnfinished({ operation: next, history: [row] }, { operation: done }).history).toEqual([row]);
});
