import { describe, expect, test } from '@jest/globals';
import { knownRows, staysReadyUntilKnown } from '../../../../controller/status/children-health.ts';
import type { ReleaseStatus, ResourceStatus } from '../../../../crds/index.ts';
import { release } from '../releases.ts';

type CurrentOperation = NonNullable<ReleaseStatus['operation']>;

const ROW: ResourceStatus = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'a',
  health: 'Green',
};
const DONE: CurrentOperation = { type: 'Install', version: 1, phase: 'Done', startedAt: '2026-01-01T00:00:00Z' };

function statusOf(change: Partial<ReleaseStatus> = {}, isReady = true): ReleaseStatus {
  const ready = {
    type: 'Ready' as const,
    status: isReady ? ('True' as const) : ('False' as const),
    reason: 'InstallSucceeded' as const,
    message: '',
    observedGeneration: 1,
    lastTransitionTime: '',
  };
  return { observedGeneration: 1, operation: DONE, resources: [ROW], conditions: [ready], ...change };
}

describe('for a child whose check is not evaluated yet', () => {
  test.each<[string, ReleaseStatus, CurrentOperation, number, boolean]>([
    ['stands where nothing has changed since', statusOf(), DONE, 1, true],
    ['does not stand for another spec', statusOf(), DONE, 2, false],
    ['does not stand while an operation is under way', statusOf(), { ...DONE, phase: 'After' }, 1, false],
    ['does not stand for another operation', statusOf(), { ...DONE, startedAt: '2026-01-02T00:00:00Z' }, 1, false],
    ['does not stand once an operation is done', statusOf({ operation: { ...DONE, phase: 'After' } }), DONE, 1, false],
  ])('the stored row %s', (_name, status, operation, generation, stands) => {
    const known = knownRows(release({}, status, { generation }), { operation });
    expect(known(ROW)).toEqual(stands ? ROW : undefined);
    expect(known({ ...ROW, name: 'b' })).toBeUndefined();
  });

  test.each<[string, ReleaseStatus, CurrentOperation, boolean]>([
    ['stands while it says that all is well', statusOf(), DONE, true],
    ['is written where it says that something is not', statusOf({}, false), DONE, false],
    ['is written where an operation begins', statusOf(), { ...DONE, phase: 'Before' }, false],
    ['is written where none exists', {}, DONE, false],
  ])('the status %s', (_name, status, operation, stands) => {
    const stored = release({}, status, { generation: 2 });
    expect(staysReadyUntilKnown(stored, { progress: { operation } }, { isPartial: true })).toBe(stands);
    expect(staysReadyUntilKnown(stored, { progress: { operation } }, { isPartial: false })).toBe(false);
  });
});
