import { describe, expect, test } from '@jest/globals';
import { supersededBy } from '../../../../controller/history/superseded.ts';
import type { ReleaseHistory, ReleaseStatus } from '../../../../crds/index.ts';
import { history, release } from '../releases.ts';

const PLAN = { plan: { version: 4 } } as unknown as ReleaseStatus;
const row = (version: number) => ({ version, chart: '', time: '', description: '' });

/** A version that the Release owns. */
function owned(version: number): ReleaseHistory {
  const one = history(version);
  const owner = { apiVersion: '', kind: '', name: '', uid: 'uid-of-web', controller: true, blockOwnerDeletion: false };
  return { ...one, metadata: { ...one.metadata, ownerReferences: [owner] } };
}

function numbers(recorded: number, versions: ReleaseHistory[], status?: ReleaseStatus, historyLimit = 10): number[] {
  const of = { release: release({ approval: 'Manual', historyLimit }, status), histories: versions };
  return supersededBy(recorded, of).map(({ spec }) => spec.version);
}

describe('a version that is planned supersedes', () => {
  test('that of the plan that waited until now', () => {
    expect(numbers(5, [1, 2, 3, 4].map(owned), { ...PLAN, version: 3, history: [row(1), row(2), row(3)] })).toEqual([
      4,
    ]);
    expect(numbers(2, [owned(1)], { plan: { version: 1 } } as unknown as ReleaseStatus)).toEqual([1]);
  });

  test('none that was in force or begun, even where a plan goes back to it', () => {
    expect(numbers(5, [1, 2, 3, 4].map(owned), { ...PLAN, version: 3, history: [row(3), row(4)] })).toEqual([]);
    const operation = { type: 'Upgrade', version: 4, phase: 'Applying', startedAt: '' } as const;
    expect(numbers(5, [3, 4].map(owned), { ...PLAN, version: 3, operation })).toEqual([]);
  });

  test('those of edits that were taken back only beyond the limit', () => {
    expect(numbers(6, [1, 2, 3, 4, 5].map(owned), { version: 1, history: [row(1)] })).toEqual([]);
    expect(numbers(6, [1, 2, 3, 4, 5].map(owned), { version: 1, history: [row(1)] }, 2)).toEqual([2, 3]);
  });

  test('none of another owner', () => {
    expect(numbers(5, [owned(3), history(4)], { ...PLAN, version: 3 })).toEqual([]);
  });
});
