import { describe, expect, test } from '@jest/globals';
import { conditionsOf, type ConditionsInput } from '../../../../controller/status/conditions.ts';
import type { Failure } from '../../../../controller/pass/failures/failures.ts';
import type { Condition, Operation } from '../../../../crds/index.ts';

const STALLED: Failure = { reason: 'TemplateFailed', message: 'line 3', retry: 'later', stalled: true };
const RETRIED: Failure = { reason: 'RegistryUnavailable', message: 'refused', retry: 'soon', stalled: false };

const DRIFTED = {
  ref: { group: '', version: 'v1', kind: 'ConfigMap', name: 'web' },
  isMissing: true,
  how: 'does not exist',
};

type Phase = NonNullable<ConditionsInput['operation']>['phase'];

function operation(type: Operation, phase: Phase = 'Done'): NonNullable<ConditionsInput['operation']> {
  return { type, version: 3, phase, startedAt: '2026-01-01T00:00:00Z' };
}

function inputWith(more: Partial<ConditionsInput> = {}): ConditionsInput {
  return {
    generation: 7,
    now: '2026-01-01T00:01:00Z',
    previous: [],
    health: 'Green',
    cause: 'a cause',
    operation: operation('Upgrade'),
    timedOut: false,
    subject: 'version 3, web-1.0.0',
    suspended: false,
    pending: undefined,
    failure: undefined,
    ...more,
  };
}

/** `Type=Status Reason` of each condition but Healthy. */
function told(more: Partial<ConditionsInput>): string[] {
  return conditionsOf(inputWith(more))
    .filter(({ type }) => type !== 'Healthy')
    .map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

describe('conditionsOf', () => {
  test.each<[string, Partial<ConditionsInput>, string[]]>([
    ['done', {}, ['Ready=True UpgradeSucceeded']],
    ['installed', { operation: operation('Install') }, ['Ready=True InstallSucceeded']],
    [
      'asked and waiting for approval',
      { approval: 'look' },
      ['Ready=False ApprovalAwaited', 'Stalled=True ApprovalAwaited'],
    ],
    [
      'waiting for approval and failing',
      { approval: 'look', failure: RETRIED },
      ['Ready=False RegistryUnavailable', 'Reconciling=True Progressing'],
    ],
    ['rolled back', { operation: operation('Rollback') }, ['Ready=True RollbackSucceeded']],
    ['nothing yet', { operation: undefined }, ['Ready=False Progressing', 'Reconciling=True Progressing']],
    [
      'being applied',
      { operation: operation('Upgrade', 'Applying') },
      ['Ready=False Progressing', 'Reconciling=True Progressing'],
    ],
    [
      'hooks to come',
      { operation: operation('Upgrade', 'After') },
      ['Ready=False Progressing', 'Reconciling=True Progressing'],
    ],
    ['rolling out', { health: 'Yellow' }, ['Ready=False Progressing', 'Reconciling=True Progressing']],
    ['without drift', { reportedDrift: { found: [] } }, ['Ready=True UpgradeSucceeded', 'Drifted=False InSync']],
    ['drifted', { reportedDrift: { found: [DRIFTED] } }, ['Ready=True UpgradeSucceeded', 'Drifted=True DriftDetected']],
    [
      'not looked at for drift, as it is suspended',
      { suspended: true, reportedDrift: { found: undefined } },
      ['Ready=True Suspended', 'Drifted=Unknown Suspended'],
    ],
    [
      'not looked at for drift, after a failure',
      { failure: STALLED, reportedDrift: { found: undefined } },
      ['Ready=False TemplateFailed', 'Drifted=Unknown TemplateFailed', 'Stalled=True TemplateFailed'],
    ],
    ['broken', { health: 'Red' }, ['Ready=False Unhealthy', 'Reconciling=True Progressing']],
    [
      'for too long on its way',
      { health: 'Yellow', timedOut: true },
      ['Ready=False TimedOut', 'Stalled=True TimedOut'],
    ],
    ['for too long broken', { health: 'Red', timedOut: true }, ['Ready=False Unhealthy', 'Stalled=True TimedOut']],
    ['failed for good', { failure: STALLED }, ['Ready=False TemplateFailed', 'Stalled=True TemplateFailed']],
    ['failed for now', { failure: RETRIED }, ['Ready=False RegistryUnavailable', 'Reconciling=True Progressing']],
    [
      'failed for now, and too late',
      { failure: RETRIED, timedOut: true, health: 'Yellow' },
      ['Ready=False RegistryUnavailable', 'Reconciling=True Progressing'],
    ],
    ['suspended', { suspended: true }, ['Ready=True Suspended']],
    [
      'suspended with an edit that waits',
      { suspended: true, pending: 'an edit' },
      ['Ready=False Suspended', 'Stalled=True Suspended'],
    ],
    ['done, and what comes next has to wait', { pending: 'often' }, ['Ready=True UpgradeSucceeded']],
    ['suspended on its way', { suspended: true, health: 'Yellow' }, ['Ready=False Progressing']],
    ['suspended and broken', { suspended: true, health: 'Red' }, ['Ready=False Unhealthy']],
    [
      'suspended and failed',
      { suspended: true, failure: STALLED },
      ['Ready=False TemplateFailed', 'Stalled=True TemplateFailed'],
    ],
    [
      'being deleted',
      { operation: operation('Delete', 'Before') },
      ['Ready=False Uninstalling', 'Reconciling=True Progressing'],
    ],
    [
      'not to be deleted',
      { operation: operation('Delete', 'Before'), failure: { ...STALLED, reason: 'Forbidden' } },
      ['Ready=False Forbidden', 'Stalled=True Forbidden'],
    ],
  ])('%s', (_title, more, expected) => {
    expect(told(more)).toEqual(expected);
  });

  test.each<[string, Partial<ConditionsInput>, string]>([
    ['Green', {}, 'True Healthy: every child is Green'],
    ['Green whatever failed', { failure: STALLED }, 'True Healthy: every child is Green'],
    ['on its way', { health: 'Yellow' }, 'Unknown Progressing: a cause'],
    ['too long on its way', { health: 'Yellow', timedOut: true }, 'Unknown TimedOut: a cause'],
    ['undone each time', { health: 'Yellow', blocked: 'DriftContested' }, 'Unknown DriftContested: a cause'],
    [
      'not to be looked at',
      { health: 'Yellow', healthReason: 'ServiceAccountNotFound' },
      'Unknown ServiceAccountNotFound: a cause',
    ],
    ['broken', { health: 'Red', timedOut: true }, 'False Unhealthy: a cause'],
    ['broken by a hook', { health: 'Red', healthReason: 'HookFailed' }, 'False HookFailed: a cause'],
  ])('report the health: %s', (_title, more, expected) => {
    const healthy = conditionsOf(inputWith(more)).find(({ type }) => type === 'Healthy');
    expect(`${healthy?.status} ${healthy?.reason}: ${healthy?.message}`).toBe(expected);
  });

  test('are never Reconciling and Stalled at once', () => {
    const choices = [undefined, STALLED, RETRIED].flatMap((failure) =>
      (['Green', 'Yellow', 'Red'] as const).flatMap((health) =>
        [true, false].flatMap((timedOut) =>
          [true, false].map((suspended) => ({ failure, timedOut, health, suspended })),
        ),
      ),
    );
    for (const choice of choices) {
      const types = conditionsOf(inputWith(choice)).map(({ type }) => type);
      expect(types.slice(0, 2)).toEqual(['Ready', 'Healthy']);
      expect(types.length).toBeLessThan(4);
    }
  });

  test('name the subject or the cause, and the generation', () => {
    expect(conditionsOf(inputWith())[0]).toMatchObject({ message: 'version 3, web-1.0.0', observedGeneration: 7 });
    expect(conditionsOf(inputWith({ health: 'Red' }))[0]).toMatchObject({ message: 'a cause' });
    expect(conditionsOf(inputWith({ failure: STALLED })).map(({ message }) => message)).toEqual([
      'line 3',
      'every child is Green',
      'line 3',
    ]);
  });

  test('change their transition time only when their status changes', () => {
    const before: Condition = {
      type: 'Ready',
      status: 'False',
      reason: 'Unhealthy',
      message: 'old',
      observedGeneration: 6,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const ready = (more: Partial<ConditionsInput>) => conditionsOf(inputWith({ previous: [before], ...more }))[0];
    expect(ready({ health: 'Yellow' })?.lastTransitionTime).toBe('2026-01-01T00:00:00Z');
    expect(ready({})?.lastTransitionTime).toBe('2026-01-01T00:01:00Z');
  });
});
