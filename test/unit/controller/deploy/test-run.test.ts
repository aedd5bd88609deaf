import { describe, expect, test } from '@jest/globals';
import { begunTests, endedTests } from '../../../../controller/deploy/hooks/test-run.ts';
import { resumeOrBegin, wasApplied } from '../../../../controller/deploy/operation.ts';
import { maskedStatus } from '../../../../controller/masking/status.ts';
import { awaitedTests, progressOf } from '../../../../controller/status/progress.ts';
import { summariesOf } from '../../../../controller/status/status.ts';
import type { ReleaseStatus, TestRun } from '../../../../crds/index.ts';
import { atOnce } from '../../../../resources/index.ts';
import { history, release } from '../releases.ts';

const START = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:00:05.000Z';
const RUN: TestRun = { version: 2, phase: 'Running', startedAt: LATER, results: [] };
const OPERATION = { type: 'Upgrade', version: 2, from: 1, phase: 'Testing', startedAt: START } as const;

describe('a run of tests', () => {
  const made = { version: 2, at: Date.parse(START), request: undefined, filters: undefined };

  test('never begins at the time of one before it, after which it is named', () => {
    expect(begunTests(undefined, made)).toEqual({ ...RUN, startedAt: START });
    expect(begunTests({ ...RUN, startedAt: START }, made).startedAt).toBe('2026-01-01T00:00:00.001Z');
  });

  test('keeps the request that was answered last', () => {
    expect(begunTests({ ...RUN, request: 'a' }, made).request).toBe('a');
    expect(begunTests({ ...RUN, request: 'a' }, { ...made, request: 'b' }).request).toBe('b');
  });

  test('ends once', () => {
    const ended = endedTests(RUN, 'Failed', 'why');
    expect(ended).toMatchObject({ phase: 'Failed', message: 'why', completedAt: expect.any(String) });
    expect(endedTests(ended, 'Failed')).toBe(ended);
  });

  test('ends where another operation begins', () => {
    const status = { version: 2, operation: { ...OPERATION, phase: 'Done' as const }, tests: RUN };
    const desired = { objects: [], pending: [], definitions: [], existing: [], hooks: [], unserved: [] };
    const chart = { name: 'web', version: '1', digest: '' };
    const none = { inputs: undefined, followed: undefined, cluster: undefined, leftContent: undefined };
    const target = { version: 3, operation: 'Upgrade', desired, chart, ...none } as const;
    expect(resumeOrBegin(release({}, status), target, LATER).tests).toMatchObject({ version: 2, phase: 'Failed' });
  });
});

describe('an operation waits for the tests', () => {
  const awaited = (tests: TestRun | undefined, phase: 'Testing' | 'Done' = 'Testing') =>
    awaitedTests(progressOf({ operation: { ...OPERATION, phase }, ...(tests && { tests }) }));

  test.each<[string, TestRun | undefined, boolean]>([
    ['that began in its attempt', RUN, true],
    ['not before they have begun', undefined, false],
    ['not those of an attempt before', { ...RUN, startedAt: '2025-12-31T23:59:59.000Z' }, false],
    ['not those of another version', { ...RUN, version: 1 }, false],
  ])('%s', (_, tests, expected) => {
    expect(awaited(tests) !== undefined).toBe(expected);
  });

  test('not once it is done', () => {
    expect(awaited(RUN, 'Done')).toBeUndefined();
  });

  test('with all of its objects applied', () => {
    expect(wasApplied(progressOf({ operation: OPERATION }))).toBe(true);
    expect(wasApplied(progressOf({ operation: { ...OPERATION, phase: 'Applying' } }))).toBe(false);
  });
});

test('each version keeps how its last tests ended', () => {
  const three = [history(1), history(2), history(3)];
  const row = { chart: '', time: '', description: '' };
  const before = [
    { ...row, version: 1, tests: 'Succeeded' as const },
    { ...row, version: 2, tests: 'Failed' as const },
  ];
  const told = (tests?: TestRun) =>
    summariesOf(three, before, 3, tests).map(({ version, tests: how }) => [version, how]);
  expect(told({ ...RUN, version: 3 })).toEqual([
    [3, undefined],
    [2, 'Failed'],
    [1, 'Succeeded'],
  ]);
  expect(told({ ...RUN, phase: 'Succeeded' })).toEqual([
    [3, undefined],
    [2, 'Succeeded'],
    [1, 'Succeeded'],
  ]);
});

test('what tests tell is masked', () => {
  const told = {
    ...RUN,
    message: 'secret',
    results: [{ run: '', kind: 'Job', name: 'a', phase: 'Failed' as const, message: 'a secret' }],
  };
  const status: ReleaseStatus = { tests: told };
  const masked = atOnce(
    maskedStatus(status, undefined, function* mask(text) {
      yield;
      return text.replace('secret', '***');
    }),
  );
  expect(masked.tests).toMatchObject({ message: '***', results: [{ message: 'a ***' }] });
});
