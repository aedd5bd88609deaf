import { describe, expect, test } from '@jest/globals';
import { logLinesOf, newDrift, newVerdict, verdictForEvent } from '../../../../controller/status/status-changes.ts';
import type { Condition, Reason, ReleaseStatus } from '../../../../crds/index.ts';

const AT = '2026-01-01T00:00:00Z';
const NOW = new Date('2026-01-01T00:00:12Z');

function ready(reason: Reason, message = '', status: Condition['status'] = 'False'): Pick<ReleaseStatus, 'conditions'> {
  return { conditions: [{ type: 'Ready', status, reason, message, observedGeneration: 1, lastTransitionTime: AT }] };
}

function status(version: number, more: Partial<ReleaseStatus> = {}): ReleaseStatus {
  return {
    version,
    health: 'Yellow',
    operation: { type: 'Upgrade', version, phase: 'Applying', startedAt: `2026-01-01T00:00:0${version}Z` },
    history: [{ version, chart: `web-1.0.${version}`, time: AT, description: `Upgrade to ${version}` }],
    ...ready('Progressing'),
    ...more,
  };
}

const DONE: Partial<ReleaseStatus> = {
  operation: { type: 'Upgrade', version: 1, phase: 'Done', startedAt: AT },
  health: 'Green',
  ...ready('UpgradeSucceeded', 'version 1', 'True'),
};
const DOING: Partial<ReleaseStatus> = { operation: { type: 'Upgrade', version: 1, phase: 'After', startedAt: AT } };

function told(before: ReleaseStatus | undefined, after: ReleaseStatus): unknown[][] {
  return logLinesOf(before, after, after.history ?? [], NOW).map(({ level, message, facts }) => [
    level,
    message,
    facts,
  ]);
}

describe('logLinesOf', () => {
  test('says what begins, from which version to which, and why', () => {
    const facts = { version: 2, from: 1, chart: 'web-1.0.2', why: 'Upgrade to 2' };
    expect(told(status(1), status(2))).toEqual([['info', 'upgrade', facts]]);
    expect(told(undefined, status(2))).toEqual(
      [['info', 'upgrade', { ...facts, from: undefined }]].map(withoutUndefined),
    );
  });

  test('says how it ended, and after how long', () => {
    const facts = { version: 1, reason: 'UpgradeSucceeded', durationMs: 12_000 };
    expect(told(status(1, DOING), status(1, DONE))).toEqual([['info', 'ready', facts]]);
  });

  test('says what is unhealthy, and why, without its details', () => {
    const red = status(1, { ...DONE, health: 'Red', ...ready('Unhealthy', 'Deployment/web: broken') });
    const facts = { version: 1, reason: 'Unhealthy', health: 'Red', cause: 'Deployment/web: broken' };
    expect(told(status(1, DONE), red)).toEqual([['warn', 'not ready', facts]]);
    expect(told(red, { ...red, resources: [] })).toEqual([]);
  });

  test.each<[string, Partial<ReleaseStatus>, Partial<ReleaseStatus>]>([
    ['the same', DONE, DONE],
    ['another message while something is under way', ready('Progressing', 'a'), ready('Progressing', 'b')],
    ['a rollout that continues', DONE, { ...DONE, ...ready('Progressing', 'a') }],
  ])('says nothing about %s', (_title, before, after) => {
    expect(told(status(1, before), status(1, after))).toEqual([]);
  });
});

test('a verdict is news if its reason changes, or its message while nothing is under way', () => {
  expect(newVerdict(undefined, status(1))?.reason).toBe('Progressing');
  expect(newVerdict(status(1, ready('Unhealthy', 'a')), status(1, ready('Unhealthy', 'b')))?.message).toBe('b');
  expect(newVerdict(status(1, ready('Progressing', 'a')), status(1, ready('Progressing', 'b')))).toBeUndefined();
});

function withoutUndefined([level, message, facts]: unknown[]): unknown[] {
  return [level, message, JSON.parse(JSON.stringify(facts))];
}

describe('newDrift', () => {
  const drifted = (state: Condition['status'], message: string): ReleaseStatus => {
    const reason = state === 'True' ? 'DriftDetected' : 'InSync';
    const times = { observedGeneration: 1, lastTransitionTime: AT };
    return { conditions: [{ type: 'Drifted', status: state, reason, message, ...times }] };
  };

  test.each([
    ['drift', undefined, drifted('True', 'a'), 'a'],
    ['other drift', drifted('True', 'a'), drifted('True', 'b'), 'b'],
    ['the same drift', drifted('True', 'a'), drifted('True', 'a'), undefined],
    ['no drift', drifted('True', 'a'), drifted('False', 'none'), undefined],
  ])('reports %s', (_what, before, after, message) => {
    expect(newDrift(before, after)?.message).toBe(message);
  });
});

describe('verdictForEvent', () => {
  const operation = { version: 2, startedAt: AT } as const;
  const going = ready('Progressing', 'Deployment/web: 1 of 2 replicas ready');
  test.each<[string, Partial<ReleaseStatus>, string | undefined]>([
    ['an operation that has begun', { operation: { ...operation, type: 'Upgrade', phase: 'Applying' } }, undefined],
    [
      'one whose objects roll out after it',
      { ...going, operation: { ...operation, type: 'Upgrade', phase: 'Done' } },
      'Progressing',
    ],
    [
      'a deletion that has begun',
      { ...ready('Uninstalling'), operation: { ...operation, type: 'Delete', phase: 'Before' } },
      'Uninstalling',
    ],
    [
      'a failure',
      { ...ready('HookFailed'), operation: { ...operation, type: 'Upgrade', phase: 'Before' } },
      'HookFailed',
    ],
    ['success', DONE, 'UpgradeSucceeded'],
  ])('of %s', (_title, after, reason) => {
    expect(verdictForEvent(status(1, ready('InstallSucceeded', '', 'True')), status(2, after))?.reason).toBe(reason);
  });
});

describe('of what stays Red', () => {
  const red = (message: string): ReleaseStatus => ({ ...DONE, health: 'Red', ...ready('Unhealthy', message) });
  const first = red('Deployment/web: pod web-1 container app: CrashLoopBackOff: back-off 10s');

  test('another message about the same container is no news', () => {
    expect(newVerdict(first, red('Deployment/web: pod web-1 container app: Error, exit code 1'))).toBeUndefined();
  });

  test('another pod, another container or another object is news', () => {
    for (const where of ['Deployment/web: pod web-2 container app', 'Deployment/web: pod web-1 container b', 'Job/web'])
      expect(newVerdict(first, red(`${where}: CrashLoopBackOff: back-off 10s`))?.reason).toBe('Unhealthy');
  });
});
