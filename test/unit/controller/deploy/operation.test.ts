import { describe, expect, test } from '@jest/globals';
import {
  resumeOrBegin,
  inPhase,
  isRetryDue,
  nextAttempt,
  retryInMs,
  unapprovedEdit,
  withFailure,
  withHooksAsked,
  type CurrentOperation,
  type RetryInput,
} from '../../../../controller/deploy/operation.ts';
import type { DeployTarget } from '../../../../controller/deploy/target.ts';
import { controlDigest } from '../../../../controller/status/control-digest.ts';
import { heldVersionOf, progressOf, targetVersionOf } from '../../../../controller/status/progress.ts';
import type { ReleaseSpec, ReleaseStatus } from '../../../../crds/index.ts';
import { release } from '../releases.ts';

const NOW = '2026-01-01T00:01:00.000Z';
const NONE = { times: 0, delayMs: 0 };
const START = '2026-01-01T00:00:00.000Z';

function target(version: number, operation: DeployTarget['operation'] = 'Upgrade'): DeployTarget {
  const desired = { objects: [], pending: [], definitions: [], existing: [], hooks: [], unserved: [] };
  const chart = { name: 'web', version: `1.0.${version}`, digest: `chart-${version}` };
  const baseline = { inputs: 'inputs', followed: undefined, cluster: undefined, leftContent: undefined };
  return { version, operation, desired, ...baseline, chart };
}

function upgrade(phase: CurrentOperation['phase'], more: Partial<CurrentOperation> = {}): CurrentOperation {
  return { type: 'Upgrade', version: 2, from: 1, phase, startedAt: START, ...more };
}

describe('which version is held, and which is the target', () => {
  const rows: [string, ReleaseStatus | undefined, number | undefined, number | undefined][] = [
    ['none at first', undefined, undefined, undefined],
    ['the one in force where nothing is under way', { version: 3 }, 3, 3],
    ['the one before while the first hooks run', { version: 1, operation: upgrade('Before') }, 1, 2],
    [
      'the one in force while the next comes up beside it',
      { version: 1, operation: upgrade('Beside', { from: 2 }) },
      1,
      2,
    ],
    ['the new one from then on', { version: 1, operation: upgrade('Applying') }, 2, 2],
    [
      'one that was applied in part before the next was begun',
      { version: 1, operation: upgrade('Before', { version: 3, from: 2 }) },
      2,
      3,
    ],
    [
      'none during a first install',
      { operation: { type: 'Install', version: 1, phase: 'Before', startedAt: START } },
      undefined,
      1,
    ],
  ];
  test.each(rows)('%s', (_, status, held, wanted) => {
    expect([heldVersionOf(status), targetVersionOf(status)]).toEqual([held, wanted]);
  });
});

describe('resumeOrBegin', () => {
  test('begins an operation from the version that is held, which stays in force', () => {
    const status = { version: 1, operation: upgrade('Done', { version: 1 }), hooks: [] };
    expect(resumeOrBegin(release({}, status), target(2), NOW)).toMatchObject({
      version: 1,
      chart: undefined,
      operation: { type: 'Upgrade', version: 2, from: 1, phase: 'Before', startedAt: NOW },
    });
  });

  test('resumes the operation that leads to the target', () => {
    const operation = upgrade('Applying');
    expect(resumeOrBegin(release({}, { version: 1, operation }), target(2), NOW).operation).toEqual(operation);
  });

  test('begins again where the target was left and is returned to', () => {
    const back = { ...upgrade('Done'), type: 'Rollback', version: 1 } as const;
    const { operation } = resumeOrBegin(release({}, { version: 1, operation: back }), target(2), NOW);
    expect(operation).toMatchObject({ type: 'Upgrade', version: 2, from: 1, phase: 'Before' });
  });

  test('a deletion ends any operation that is under way', () => {
    const { operation } = resumeOrBegin(
      release({}, { version: 1, operation: upgrade('Applying') }),
      target(2, 'Delete'),
      NOW,
    );
    expect(operation).toMatchObject({ type: 'Delete', version: 2, phase: 'Before', startedAt: NOW });
    const status = { version: 1, operation: upgrade('After', { type: 'Delete' }) };
    expect(resumeOrBegin(release({}, status), target(1, 'Delete'), NOW).operation).toEqual(status.operation);
  });
});

describe('with approval, a field that decides how a change is made', () => {
  const manual = (spec: Partial<ReleaseSpec> = {}, status?: ReleaseStatus) =>
    release({ approval: 'Manual', ...spec }, status);
  const begun = resumeOrBegin(manual({}, { version: 1 }), target(2), NOW);
  const edits: Partial<ReleaseSpec>[] = [
    { allowRecreate: [{ kind: 'PersistentVolumeClaim', name: 'data' }] },
    { serviceAccountName: 'admin' },
    { hooks: 'Skip' },
    { adopt: 'Always' } as unknown as Partial<ReleaseSpec>,
    { recreate: 'Never' } as unknown as Partial<ReleaseSpec>,
    { strategy: { type: 'BlueGreen', checks: [{ tests: true }] } },
  ];

  test.each(edits)('holds an operation back while it is edited to %j', (edit) => {
    expect(unapprovedEdit(manual(), begun)).toBeUndefined();
    for (const phase of ['Before', 'Applying', 'After'] as const)
      expect(unapprovedEdit(manual(edit), inPhase(begun, phase))).toMatch(/^version 2 waits: .*undo that/);
  });

  test.each([
    ['approval is no longer required', release(edits[0]), begun],
    ['the operation is done', manual(edits[0]), inPhase(begun, 'Done')],
    ['it began without approval', manual(edits[0]), resumeOrBegin(release(), target(2), NOW)],
    ['it deletes', manual(edits[0]), resumeOrBegin(manual(), target(2, 'Delete'), NOW)],
    [
      'other fields are edited',
      manual({ timeout: '1m', historyLimit: 3, strategy: { type: 'BlueGreen', keepFor: '1h' } }),
      begun,
    ],
  ])('holds nothing back where %s', (_title, edited, progress) => {
    expect(unapprovedEdit(edited, progress)).toBeUndefined();
  });

  test('is compared for an automatic rollback with its value when the failed version began', () => {
    const rolledBack = { version: 2, to: 1, reason: 'Unhealthy', message: '', at: NOW } as const;
    const { operation } = inPhase(begun, 'Done');
    if (!operation) throw new Error('no operation');
    const edited = manual(edits[0], { version: 2, operation, rolledBack });
    const back = resumeOrBegin(edited, target(1, 'Rollback'), NOW);
    expect(back.operation).toMatchObject({ type: 'Rollback', control: controlDigest(manual().spec) });
    expect(unapprovedEdit(edited, back)).toMatch(/^version 1 waits/);
  });
});

describe('hooks that are to run again', () => {
  const asked = (token: string | undefined, hooks = token): Parameters<typeof withHooksAsked>[0] => {
    const annotations = { 'coxswain.dev/reconcile': token ?? '', 'coxswain.dev/rerun-hooks': hooks ?? '' };
    return { token, release: release({}, {}, { annotations }) };
  };
  const progressIn = (operation: CurrentOperation): ReturnType<typeof progressOf> =>
    progressOf({ version: 2, operation });
  const failure = { at: NOW, generation: 1, times: 1 };

  test('run from the first where the operation is done, with a later start than before', () => {
    const done = progressIn(upgrade('Done', { startedAt: NOW }));
    const { operation, hooks } = withHooksAsked(asked('t'), done, START);
    expect(operation).toEqual({
      type: 'Upgrade',
      version: 2,
      from: 2,
      phase: 'Before',
      startedAt: '2026-01-01T00:01:00.001Z',
    });
    expect(hooks).toEqual([]);
  });

  test('are due where they failed', () => {
    const { operation } = withHooksAsked(asked('t'), progressIn(upgrade('After', { failure })), NOW);
    if (!operation) throw new Error('no operation');
    expect(operation).toMatchObject({ phase: 'After', startedAt: START });
    expect(isRetryDue(operation, { generation: 1, isRemoved: false, retries: NONE, now: NOW })).toBe(true);
  });

  test.each([
    ['while they run', asked('t'), upgrade('After')],
    ['without a token that is new', asked(undefined), upgrade('Done')],
    ['with the token of an earlier time', asked('t', 'earlier'), upgrade('Done')],
  ])('change nothing %s', (_title, observed, operation) => {
    const progress = progressIn(operation);
    expect(withHooksAsked(observed, progress, NOW)).toBe(progress);
  });
});

test('inPhase moves forward, never back, and clears failures', () => {
  const failure = { at: NOW, generation: 1, times: 2 };
  const before = { ...progressOf(undefined), operation: upgrade('Before', { failure }) };
  expect(inPhase(before, 'Before')).toBe(before);
  expect(inPhase(before, 'Applying').operation).toEqual(upgrade('Applying'));
  const applied = { ...before, operation: upgrade('After') };
  expect(inPhase(applied, 'Applying')).toBe(applied);
});

describe('a failed hook', () => {
  const failed = withFailure(upgrade('Before'), 7, NOW);

  test('is recorded once for each attempt', () => {
    expect(failed.failure).toEqual({ at: NOW, generation: 7, times: 1 });
    expect(withFailure(failed, 8, '2026-01-01T00:02:00.000Z')).toBe(failed);
    const progress = { ...progressOf(undefined), operation: failed };
    const { operation } = nextAttempt(progress, 'run', NOW);
    expect(operation && withFailure(operation, 7, NOW).failure?.times).toBe(2);
    // An edit is a new beginning.
    expect(operation && withFailure(operation, 8, NOW).failure?.times).toBe(1);
  });

  test('is recorded once even if the API server’s clock is ahead', () => {
    const ahead = withFailure(upgrade('Before', { type: 'Delete', startedAt: '2026-01-01T00:05:00Z' }), 1, NOW);
    expect(withFailure(ahead, 1, NOW)).toBe(ahead);
  });

  const later = '2026-01-01T02:00:00.000Z';
  const rows: [string, CurrentOperation, RetryInput, boolean][] = [
    ['not by time alone', failed, { generation: 7, isRemoved: false, retries: NONE, now: later }, false],
    ['at once after an edit', failed, { generation: 8, isRemoved: false, retries: NONE, now: NOW }, true],
    ['where what failed was deleted', failed, { generation: 7, isRemoved: true, retries: NONE, now: later }, true],
    ['then not before a moment has passed', failed, { generation: 7, isRemoved: true, retries: NONE, now: NOW }, false],
    [
      'by time where it is a deletion',
      { ...failed, type: 'Delete' },
      { generation: 7, isRemoved: false, retries: NONE, now: later },
      true,
    ],
    ['not sooner', { ...failed, type: 'Delete' }, { generation: 7, isRemoved: false, retries: NONE, now: NOW }, false],
  ];
  test.each(rows)('runs again %s', (_, operation, retry, expected) => {
    expect(isRetryDue(operation, retry)).toBe(expected);
  });

  test('runs again as often as the spec says, with growing delays', () => {
    const retries = { times: 3, delayMs: 10_000 };
    const waits = [1, 2, 3, 4].map((times) => {
      const operation = upgrade('After', { failure: { at: NOW, generation: 1, times } });
      return retryInMs(operation, { isRemoved: false, retries, now: NOW });
    });
    expect(waits).toEqual([10_000, 20_000, 40_000, undefined]);
  });

  test('of a deletion waits longer each time, up to an hour', () => {
    const waits = [1, 2, 3, 20].map((times) => {
      const operation = upgrade('Before', { type: 'Delete', failure: { at: NOW, generation: 1, times } });
      return retryInMs(operation, { isRemoved: false, retries: NONE, now: NOW });
    });
    expect(waits).toEqual([30_000, 60_000, 120_000, 3_600_000]);
  });

  test('runs again under another name, without its results', () => {
    const result = (run: string) => ({ run, kind: 'Job', name: 'migrate', phase: 'Failed' }) as const;
    const hooks = [result('2.pre-upgrade.1'), result('2.pre-upgrade.1.2'), result('2.pre-upgrade.10')];
    const again = nextAttempt({ ...progressOf(undefined), operation: failed, hooks }, '2.pre-upgrade.1', NOW);
    expect(again.hooks).toEqual([result('2.pre-upgrade.10')]);
    expect(again.operation?.startedAt).toBe('2026-01-01T00:01:00.001Z');
  });

  test('gives a version its timeout again when its tests run again, but not when its hooks do', () => {
    const appliedAt = '2026-01-01T00:00:30.000Z';
    const retriedIn = (phase: 'After' | 'Testing') => {
      const operation = { ...failed, phase, appliedAt };
      return nextAttempt({ ...progressOf(undefined), operation }, '2.test.1', NOW).operation;
    };
    expect(retriedIn('Testing')).toMatchObject({ appliedAt: retriedIn('Testing')?.startedAt });
    expect(retriedIn('After')).toMatchObject({ appliedAt });
  });
});
