import { describe, expect, test } from '@jest/globals';
import { noLongerNeeded, supersededBy } from '../../../../controller/history/superseded.ts';
import type { ReleaseHistory, ReleaseSpec, ReleaseStatus } from '../../../../crds/index.ts';
import { history, release } from '../releases.ts';

const PLAN = { plan: { version: 4 } } as unknown as ReleaseStatus;
const row = (version: number) => ({ version, chart: '', time: '', description: '' });

/** A version that the Release owns. */
function owned(version: number): ReleaseHistory {
  const one = history(version);
  const owner = { apiVersion: '', kind: '', name: '', uid: 'uid-of-web', controller: true, blockOwnerDeletion: false };
  return { ...one, metadata: { ...one.metadata, ownerReferences: [owner] } };
}

function numbers(recorded: number, versions: ReleaseHistory[], status?: ReleaseStatus): number[] {
  const of = { release: release({ approval: 'Manual' }, status), histories: versions };
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

  test('those of edits that were taken back', () => {
    expect(numbers(6, [1, 2, 3, 4, 5].map(owned), { version: 1, history: [row(1)] })).toEqual([2, 3, 4, 5]);
  });

  test('none that somebody asks for', () => {
    const asked = { release: release({ approval: 'Manual', version: 2 }, { version: 1, history: [row(1)] }) };
    const superseded = supersededBy(4, { ...asked, histories: [1, 2, 3].map(owned) });
    expect(superseded.map(({ spec }) => spec.version)).toEqual([3]);
  });

  test('none but the planned one where the status was lost', () => {
    expect(numbers(5, [1, 2, 3, 4].map(owned), {})).toEqual([]);
    expect(numbers(5, [1, 2, 3, 4].map(owned), { plan: { version: 4 } } as unknown as ReleaseStatus)).toEqual([4]);
  });

  test('none that Helm made', () => {
    const of = owned(1);
    const helm = { ...of, metadata: { ...of.metadata, annotations: { 'coxswain.dev/helm-revision': '1' } } };
    expect(numbers(3, [helm, owned(2)], { plan: { version: 1 } } as unknown as ReleaseStatus)).toEqual([]);
  });

  test('none of another owner', () => {
    expect(numbers(5, [owned(3), history(4)], { ...PLAN, version: 3 })).toEqual([]);
  });
});

describe('of the versions beyond the limit', () => {
  const beyond = (inForce: number, versions: number[], status: ReleaseStatus, spec: Partial<ReleaseSpec> = {}) => {
    const of = release({ approval: 'Manual', ...spec }, status);
    return noLongerNeeded(inForce, 3, { release: of, histories: versions.map(owned) }).map((one) => one.spec.version);
  };
  const RAN = { version: 3, history: [row(1), row(2), row(3)] };

  test('none goes for one that was planned and never begun', () => {
    expect(beyond(3, [1, 2, 3, 4], RAN)).toEqual([]);
    expect(beyond(3, [1, 2, 3, 4, 5], RAN)).toEqual([]);
  });

  test('the oldest goes for one that is in force by now', () => {
    expect(beyond(4, [1, 2, 3, 4], RAN)).toEqual([1]);
  });

  test('none goes that somebody asks for or that a plan goes back to', () => {
    const four = { version: 4, history: [row(1), row(2), row(3), row(4)] };
    expect(beyond(4, [1, 2, 3, 4], four)).toEqual([1]);
    expect(beyond(4, [1, 2, 3, 4], four, { version: 1 })).toEqual([2]);
    expect(beyond(4, [1, 2, 3, 4], { ...four, plan: { version: 1 } } as unknown as ReleaseStatus)).toEqual([2]);
  });
});
