import { describe, expect, test } from '@jest/globals';
import { statusDiffers, summariesOf, waitingStatus } from '../../../../controller/status/status.ts';
import type { Condition, Reason, ReleaseStatus } from '../../../../crds/index.ts';
import { history, release } from '../releases.ts';

describe('summariesOf', () => {
  const three = [history(1), history(2), history(3)];
  const rowOf = (version: number) => ({ version, chart: 'web-1.0.0', time: '2026-01-01T00:00:00Z', description: '' });
  const shown = (before: number[], inForce: number | undefined) =>
    summariesOf(three, before.map(rowOf), inForce).map(({ version }) => version);

  test.each<[string, number[], number | undefined, number[]]>([
    ['none was ever in force', [], undefined, []],
    ['the one in force', [], 1, [1]],
    ['those that were, newest first', [1, 2], 3, [3, 2, 1]],
    ['not versions that were recorded but never in force', [1], 3, [3, 1]],
    ['after going back', [3, 2, 1], 1, [3, 2, 1]],
    ['not versions that are no longer recorded', [9, 1], 3, [3, 1]],
  ])('%s', (_title, before, inForce, expected) => {
    expect(shown(before, inForce)).toEqual(expected);
  });

  test('have chart, time and description as recorded', () => {
    expect(summariesOf([history(2)], [], 2)).toEqual([
      { version: 2, chart: 'web-1.0.2', appVersion: '2', time: '2026-01-02T00:00:00Z', description: 'Upgrade to 2' },
    ]);
  });
});

describe('statusDiffers', () => {
  const status: ReleaseStatus = { version: 1, health: 'Green', hooks: [] };
  test.each<[string, ReleaseStatus, ReleaseStatus | undefined, boolean]>([
    ['the same', status, { ...status }, false],
    ['other order of keys', status, { hooks: [], health: 'Green', version: 1 }, false],
    ['none yet', status, undefined, true],
    ['nothing to say of none', {}, undefined, false],
    ['a value', status, { ...status, version: 2 }, true],
    ['one more key', status, { ...status, message: '' }, true],
    ['one key less', status, { version: 1, health: 'Green' }, true],
  ])('%s', (_title, now, stored, expected) => {
    expect(statusDiffers(now, stored)).toBe(expected);
  });
});

describe('waitingStatus', () => {
  const NOW = '2026-01-01T00:01:00Z';
  const ready = (status: 'True' | 'False', reason: Reason): Condition[] => [
    { type: 'Ready', status, reason, message: '', observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' },
    { type: 'Healthy', status: 'True', reason: 'Healthy', message: '', observedGeneration: 1, lastTransitionTime: NOW },
    ...(reason === 'TemplateFailed'
      ? [
          {
            type: 'Stalled',
            status: 'True',
            reason,
            message: '',
            observedGeneration: 1,
            lastTransitionTime: NOW,
          } as const,
        ]
      : []),
  ];
  const operation = (phase: 'Applying' | 'Done') =>
    ({ type: 'Upgrade', version: 2, phase, startedAt: '2026-01-01T00:00:00Z' }) as const;
  const toldOf = (status: ReleaseStatus | undefined, generation = 1): string[] | undefined =>
    waitingStatus(release({}, status, { generation }), 'waits', NOW)?.conditions?.map(
      ({ type, status: value, reason }) => `${type}=${value} ${reason}`,
    );

  const WAITS = ['Ready=False Progressing', 'Healthy=True Healthy', 'Reconciling=True Progressing'];
  const seen = { observedGeneration: 1 };

  test.each<[string, ReleaseStatus | undefined, number, string[] | undefined]>([
    ['no status yet', undefined, 1, [WAITS[0] ?? '', 'Healthy=Unknown Progressing', WAITS[2] ?? '']],
    ['an edit of a ready Release', { ...seen, conditions: ready('True', 'UpgradeSucceeded') }, 2, WAITS],
    ['an edit of a failed Release', { ...seen, conditions: ready('False', 'TemplateFailed') }, 2, WAITS],
    [
      'an operation that is not done',
      { ...seen, conditions: ready('False', 'Progressing'), operation: operation('Applying') },
      1,
      WAITS,
    ],
    ['a ready Release', { ...seen, conditions: ready('True', 'UpgradeSucceeded') }, 1, undefined],
    ['a failed Release', { ...seen, conditions: ready('False', 'TemplateFailed') }, 1, undefined],
    [
      'a Release that waits for its children',
      { ...seen, conditions: ready('False', 'Progressing'), operation: operation('Done') },
      1,
      undefined,
    ],
    ['a status that already says so', { message: 'waits', conditions: ready('False', 'Progressing') }, 1, undefined],
    ['another edit since', { message: 'waits', conditions: ready('False', 'Progressing') }, 2, WAITS],
  ])('of %s', (_title, status, generation, expected) => {
    expect(toldOf(status, generation)).toEqual(expected);
  });

  test('keeps everything else in the status', () => {
    const stored: ReleaseStatus = { version: 1, observedGeneration: 1, health: 'Green' };
    expect(waitingStatus(release({}, stored, { generation: 2 }), 'waits', NOW)).toMatchObject({
      ...stored,
      message: 'waits',
    });
  });

  test('for a deletion says that it is one', () => {
    const deleted = release({}, seen, { deletionTimestamp: NOW });
    expect(waitingStatus(deleted, 'waits', NOW)?.conditions?.[0]?.reason).toBe('Uninstalling');
  });
});
