import { describe, expect, test } from '@jest/globals';
import { testingState, testReport } from '../../../../cli/release/test.ts';
import type { ReleaseStatus, TestRun } from '../../../../crds/index.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { releaseWith } from './release-objects.ts';

const AT = '2026-01-01T00:00:00Z';
const DONE = { type: 'Upgrade', version: 2, phase: 'Done', startedAt: AT } as const;
const RUN: TestRun = { version: 2, phase: 'Running', startedAt: AT, request: 'mine', results: [] };
const smoke = { run: '2.test.1', kind: 'Job', name: 'smoke', phase: 'Running', startedAt: AT } as const;

describe('how far the requested tests have got', () => {
  const stalled = {
    type: 'Stalled',
    status: 'True',
    reason: 'HookFailed',
    message: 'why',
    observedGeneration: 1,
  } as const;
  const conditions = [{ ...stalled, lastTransitionTime: AT }];
  test.each<[string, ReleaseStatus, object]>([
    ['not seen yet', { operation: DONE }, { message: 'waiting for the controller' }],
    [
      'another one is answered',
      { operation: DONE, tests: { ...RUN, request: 'other' } },
      { message: 'waiting for the controller' },
    ],
    [
      'behind an operation',
      { operation: { ...DONE, phase: 'Applying' } },
      { message: 'Upgrade of version 2 is under way' },
    ],
    ['behind one that is stalled', { operation: { ...DONE, phase: 'Before' }, conditions }, { problem: 'why' }],
    [
      'stalled for another reason, which does not matter',
      { operation: DONE, conditions },
      { message: 'waiting for the controller' },
    ],
    ['begun', { operation: DONE, tests: RUN }, { message: 'the tests have begun' }],
    ['running', { operation: DONE, tests: { ...RUN, results: [smoke] } }, { message: 'Job/smoke is running' }],
    ['ended', { operation: DONE, tests: { ...RUN, phase: 'Failed' } }, { ended: { phase: 'Failed' } }],
  ])('%s', (_, status, expected) => {
    expect(testingState(releaseWith(status), 'mine')).toMatchObject(expected);
    if (!('problem' in expected)) expect(testingState(releaseWith(status), 'mine').problem).toBeUndefined();
  });
});

test('the report has each test, or says why there is none, and no control characters', () => {
  const failed = { ...smoke, phase: 'Failed', completedAt: AT, message: 'exit\u001b[31m code 1' } as const;
  const report = testReport({ ...RUN, phase: 'Failed', results: [failed] }, undefined, plainTerminal());
  expect(report).toMatch(/^TEST +PHASE +STARTED +COMPLETED +MESSAGE\nJob\/smoke +Failed +\S+ +\S+ +exit/);
  expect(report).not.toContain('\u001b');
  expect(testReport(RUN, undefined, plainTerminal())).toBe('version 2 has no tests');
  expect(testReport(RUN, 'name=a', plainTerminal())).toBe('version 2 has no such tests');
  expect(testReport({ ...RUN, message: 'forbidden' }, undefined, plainTerminal())).toBe('forbidden');
});
