import { describe, expect, test } from '@jest/globals';
import { begunTests, endedTests, afterTimeout } from '../../../../controller/deploy/hooks/test-run.ts';
import { requestAnswered, runTests } from '../../../../controller/deploy/hooks/tests.ts';
import { resumeOrBegin, testedAt, wasApplied } from '../../../../controller/deploy/operation.ts';
import { maskedStatus } from '../../../../controller/masking/status.ts';
import type { StageInput } from '../../../../controller/deploy/stage.ts';
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

  test('never begins at the same time as an earlier one, since it is named by its time', () => {
    expect(begunTests(undefined, made)).toEqual({ ...RUN, startedAt: START });
    expect(begunTests({ ...RUN, startedAt: START }, made).startedAt).toBe('2026-01-01T00:00:00.001Z');
  });

  test('keeps the request that was answered last', () => {
    expect(begunTests({ ...RUN, request: 'a' }, made).request).toBe('a');
    expect(begunTests({ ...RUN, request: 'a' }, { ...made, request: 'b' }).request).toBe('b');
  });

  test('lists its filters in a form that a status can hold', () => {
    const { filters } = begunTests(undefined, { ...made, filters: [{ name: 'a\u007f', exclude: true }] });
    expect(filters).toEqual([{ name: 'a\uFFFD', exclude: true }]);
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
    expect(resumeOrBegin(release({}, status), target, LATER).tests).toMatchObject({
      version: 2,
      phase: 'Failed',
      completedAt: LATER,
    });
  });
});

describe('a run that takes too long', () => {
  const ref = { group: '', version: 'v1', kind: 'Pod', namespace: 'shop', name: 'a' };
  const wait = { type: 'wait', ref, health: { health: 'Yellow', message: 'Pod/a: why' } } as const;
  const result = (phase: 'Running' | 'Succeeded' | 'Failed', name = 'a') =>
    ({ run: '2.test.5', kind: 'Pod', name, phase, ...(phase === 'Failed' && { message: 'broke' }) }) as const;
  const late = (results: ReturnType<typeof result>[], count = 1) =>
    afterTimeout({ name: '2.test.5', count, results }, wait, '2m');

  test('fails with the test that does not end', () => {
    const failed = { result: { ...result('Failed'), message: 'has not ended within 2m: why' } };
    expect(late([result('Running')])).toEqual(failed);
    expect(late([])).toEqual(failed);
  });

  test('is over once the test has ended, even if its pod cannot be deleted', () => {
    const failed = (message: string) => ({ state: { type: 'failed', message, isRemoved: false } });
    expect(late([result('Failed')])).toEqual(failed('hook Pod/a: broke'));
    expect(late([result('Succeeded', 'b'), result('Succeeded')], 2)).toEqual({ state: { type: 'done' } });
    expect(late([result('Succeeded')], 2)).toEqual(failed('hook Pod/a: has not ended within 2m: why'));
  });

  test('continues while the log of an ended test is being read', () => {
    const log = { pod: 'a', uid: 'uid', container: 'main', restarts: 0, isPrevious: false };
    expect(afterTimeout({ name: '', count: 1, results: [result('Running')] }, { ...wait, log }, '2m')).toBeUndefined();
  });
});

test('the tests of a version answer only a request for the same tests, until they have failed', () => {
  const all = { enable: true, ignoreFailures: false };
  const failure = { at: START, generation: 1, times: 1 };
  const asked = { 'coxswain.dev/test': 'now', 'coxswain.dev/test-filter': 'name=slow' };
  const answers = (
    tests: typeof all & { filters?: { name: string }[] },
    annotations: Record<string, string>,
    more = {},
  ) => requestAnswered(release({ tests }, undefined, { annotations }), { operation: { ...OPERATION, ...more } });
  expect(answers(all, { 'coxswain.dev/test': 'now' })).toBe('now');
  expect(answers(all, asked)).toBeUndefined();
  expect(answers({ ...all, filters: [{ name: 'smoke' }] }, { 'coxswain.dev/test': 'now' })).toBeUndefined();
  expect(answers(all, asked, { failure })).toBe('now');
});

test('a request with an invalid filter fails before anything runs', async () => {
  const annotations = { 'coxswain.dev/test': 'now', 'coxswain.dev/test-filter': 'smoke' };
  const progress = progressOf({ version: 2, operation: { ...OPERATION, phase: 'Done' } });
  const observed = { release: release({}, undefined, { annotations }), key: 'shop/web' };
  const target = { version: 2, desired: { hooks: [] } };
  // Whatever ran would need services.
  const step = { observed, target, progress, checkpoint: { progress } } as unknown as StageInput;
  const { progress: after, ...result } = await runTests(step);
  expect(result).toEqual({ isOver: true });
  expect(after.tests).toMatchObject({
    phase: 'Failed',
    request: 'now',
    message: expect.stringContaining('test-filter'),
  });
});

test('a version gets its timeout again once its tests have ended', () => {
  const timed = { ...OPERATION, appliedAt: START };
  const at = (operation: Parameters<typeof progressOf>[0] & object) => testedAt(progressOf(operation), LATER).operation;
  expect(at({ operation: timed })).toMatchObject({ appliedAt: LATER });
  expect(at({ operation: { ...timed, phase: 'Done' } })).toMatchObject({ appliedAt: START });
  expect(at({ operation: OPERATION })).not.toHaveProperty('appliedAt');
});

describe('an operation waits for the tests', () => {
  const awaited = (tests: TestRun | undefined, phase: 'Testing' | 'Beside' | 'Done' = 'Testing') =>
    awaitedTests(progressOf({ operation: { ...OPERATION, phase }, ...(tests && { tests }) }));

  test.each<[string, TestRun | undefined, boolean]>([
    ['that began in its attempt', RUN, true],
    ['not before they have begun', undefined, false],
    ['not those of an attempt before', { ...RUN, startedAt: '2025-12-31T23:59:59.000Z' }, false],
    ['not those of another version', { ...RUN, version: 1 }, false],
  ])('%s', (_, tests, expected) => {
    expect(awaited(tests) !== undefined).toBe(expected);
  });

  test('or for the checks of its colour, never one for the other', () => {
    const checks = { ...RUN, checks: 'digest' };
    expect([awaited(checks, 'Beside'), awaited(RUN, 'Beside'), awaited(checks)]).toEqual([
      checks,
      undefined,
      undefined,
    ]);
  });

  test('but not once it is done', () => {
    expect(awaited(RUN, 'Done')).toBeUndefined();
  });

  test('with all of its objects applied', () => {
    expect(wasApplied(progressOf({ operation: OPERATION }))).toBe(true);
    expect(wasApplied(progressOf({ operation: { ...OPERATION, phase: 'Applying' } }))).toBe(false);
  });
});

test('each version keeps the result of its last tests', () => {
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

test('messages of tests are masked', () => {
  const told = {
    ...RUN,
    message: 'secret',
    results: [{ run: '', kind: 'Job', name: 'a', phase: 'Failed' as const, message: 'a secret', log: 'b\nsecret' }],
  };
  const status: ReleaseStatus = { tests: told };
  const masked = atOnce(
    maskedStatus(status, undefined, function* mask(text) {
      yield;
      return text.replace('secret', '***');
    }),
  );
  expect(masked.tests).toMatchObject({ message: '***', results: [{ message: 'a ***', log: 'b\n***' }] });
});
