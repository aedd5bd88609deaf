import { describe, expect, test } from '@jest/globals';
import { withNotices } from '../../../../controller/notices/occasions.ts';
import type { Condition, ConditionType, Notice, Reason, ReleaseStatus } from '../../../../crds/index.ts';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const FIRST = '2026-01-01T00:00:00Z';
const SECOND = '2026-01-02T00:00:00Z';

function condition(type: ConditionType, status: Condition['status'], reason: Reason, message = ''): Condition {
  return { type, status, reason, message, observedGeneration: 1, lastTransitionTime: FIRST };
}

function operation(startedAt: string, version = 1): Pick<ReleaseStatus, 'operation' | 'version'> {
  return { version, operation: { type: 'Upgrade', version, phase: 'Done', startedAt } };
}

function ready(startedAt = FIRST, version = 1): ReleaseStatus {
  const conditions = [condition('Ready', 'True', 'UpgradeSucceeded', `version ${version}`)];
  return { ...operation(startedAt, version), health: 'Green', conditions };
}

function red(startedAt = FIRST): ReleaseStatus {
  const conditions = [
    condition('Ready', 'False', 'Unhealthy', 'why'),
    condition('Healthy', 'False', 'Unhealthy', 'why'),
  ];
  return { ...operation(startedAt), health: 'Red', conditions };
}

function progressing(startedAt = FIRST): ReleaseStatus {
  return { ...operation(startedAt), health: 'Yellow', conditions: [condition('Ready', 'False', 'Progressing')] };
}

function stalled(reason: Reason, health: 'Green' | 'Yellow' = 'Green'): ReleaseStatus {
  const conditions = [condition('Ready', 'False', reason), condition('Stalled', 'True', reason, 'somebody has to act')];
  return { ...operation(FIRST), health, conditions };
}

function rolledBack(at: string, health: 'Green' | 'Red' = 'Green'): ReleaseStatus {
  const rollback = { version: 2, to: 1, reason: 'Unhealthy', message: '', at } as const;
  return { ...stalled('RolledBack'), ...operation(SECOND), health, rolledBack: rollback };
}

function waiting(version: number): ReleaseStatus {
  const chart = { name: 'web', version: '2.0.0', digest: '' };
  const plan = { operation: 'Upgrade', version, chart } as ReleaseStatus['plan'] & object;
  return { ...stalled('ApprovalAwaited'), plan };
}

/** What is told as a Release goes through statuses, each stored and sent before the next. */
function toldOf(statuses: readonly ReleaseStatus[], first?: ReleaseStatus): string[] {
  let stored = first;
  return statuses.flatMap((status) => {
    const before = stored?.notices?.pending?.length ?? 0;
    stored = withNotices(status, stored, { isFlapping: false, isDone: () => false, now: NOW });
    return (stored.notices?.pending ?? []).slice(before).map(({ occasion }) => occasion);
  });
}

describe('the occasions reported', () => {
  test.each<[string, ReleaseStatus[], string[]]>([
    ['that it is ready, once', [progressing(), ready(), ready()], ['Ready']],
    ['that each version is ready', [ready(), progressing(SECOND), ready(SECOND, 2)], ['Ready', 'Ready']],
    ['no second time what was Yellow for a while', [ready(), progressing(), ready()], ['Ready']],
    [
      'that it is Red, and has recovered',
      [ready(), red(), red(), progressing(), ready()],
      ['Ready', 'Red', 'Recovered'],
    ],
    ['that another version has ended the trouble', [red(), progressing(SECOND), ready(SECOND)], ['Red', 'Recovered']],
    ['that somebody has to act', [ready(), stalled('ChartNotFound'), ready()], ['Ready', 'Stalled', 'Recovered']],
    ['each reason to act', [stalled('ChartNotFound'), stalled('TemplateFailed')], ['Stalled', 'Stalled']],
    ['that what is stalled is Red, too', [stalled('TimedOut', 'Yellow'), red()], ['Stalled', 'Red']],
    ['nothing more while it is Red', [red(), stalled('TimedOut', 'Yellow'), red(), ready()], ['Red', 'Recovered']],
    [
      'that it is Green and yet somebody has to act',
      [red(), stalled('ChartNotFound'), ready()],
      ['Red', 'Stalled', 'Recovered'],
    ],
    ['a rollback, once', [red(), rolledBack('1'), rolledBack('1')], ['Red', 'RolledBack']],
    ['that it is Red after a rollback', [rolledBack('1'), rolledBack('1', 'Red')], ['RolledBack', 'Red']],
    ['no end of a rollback that was told', [ready(), rolledBack('1'), ready(SECOND)], ['Ready', 'RolledBack']],
    ['each change that waits, once', [waiting(2), waiting(2), waiting(3)], ['ApprovalAwaited', 'ApprovalAwaited']],
    ['a change that waits again', [waiting(2), ready(), waiting(2)], ['ApprovalAwaited', 'Ready', 'ApprovalAwaited']],
    ['nothing of one that is suspended', [stalled('Suspended')], []],
  ])('%s', (_title, statuses, occasions) => {
    expect(toldOf(statuses)).toEqual(occasions);
  });

  test('include nothing that was already so before there was a receiver', () => {
    expect(toldOf([red(), red()], red())).toEqual([]);
    expect(toldOf([ready(), progressing()], ready())).toEqual([]);
    expect(toldOf([ready()], red())).toEqual(['Recovered']);
    expect(toldOf([red()], ready())).toEqual(['Red']);
  });

  test('include no trouble while the health is flapping, but the health that it settles on', () => {
    const stored = withNotices(ready(), undefined, { isFlapping: false, isDone: () => true, now: NOW });
    const flapping = withNotices(red(), stored, { isFlapping: true, isDone: () => true, now: NOW });
    expect(flapping.notices?.pending).toBeUndefined();
    expect(toldOf([red()], flapping)).toEqual(['Red']);
    expect(toldOf([ready()], flapping)).toEqual([]);
  });
});

describe('the notices in a status', () => {
  test('say what was true when it happened', () => {
    const status = { ...red(), chart: { name: 'web', version: '1.0.0', digest: '' } };
    expect(withNotices(status, ready(), { isFlapping: false, isDone: () => false, now: NOW }).notices?.pending).toEqual(
      [
        {
          occasion: 'Red',
          at: '2026-01-02T03:04:05.678Z',
          version: 1,
          chart: 'web-1.0.0',
          health: 'Red',
          reason: 'Unhealthy',
          message: 'why',
        },
      ],
    );
    expect(
      withNotices(waiting(7), ready(), { isFlapping: false, isDone: () => false, now: NOW }).notices?.pending,
    ).toMatchObject([{ occasion: 'ApprovalAwaited', version: 7, chart: 'web-2.0.0' }]);
  });

  test('are bounded, in number and in length', () => {
    let stored: ReleaseStatus = { conditions: [] };
    const long = 'x'.repeat(100_000);
    for (let index = 0; index < 50; index += 1) {
      const status = { ...red(), conditions: [condition('Healthy', 'False', 'Unhealthy', long)] };
      const next = index % 2 === 0 ? status : ready();
      stored = withNotices(next, stored, {
        isFlapping: false,
        isDone: () => false,
        now: new Date(NOW.getTime() + index),
      });
    }
    const pending = stored.notices?.pending ?? [];
    expect(pending).toHaveLength(10);
    expect(pending.at(-1)?.at).toBe(new Date(NOW.getTime() + 49).toISOString());
    expect(JSON.stringify(pending).length).toBeLessThan(15_000);
  });

  test('exclude those that have been sent', () => {
    const isDone = ({ occasion }: Notice): boolean => occasion === 'Red';
    const stored = withNotices(red(), ready(), { isFlapping: false, isDone: () => false, now: NOW });
    const after = withNotices(ready(), stored, { isFlapping: false, isDone, now: NOW });
    expect(after.notices?.pending?.map(({ occasion }) => occasion)).toEqual(['Recovered']);
    expect(withNotices(red(), stored, { isFlapping: false, isDone, now: NOW }).notices).toEqual({
      trouble: 'Red',
      operation: FIRST,
    });
  });

  test('are absent where there is nothing to report', () => {
    expect(withNotices(ready(), ready(), { isFlapping: false, isDone: () => false, now: NOW })).toEqual(ready());
  });
});
