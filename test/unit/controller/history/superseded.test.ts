import { describe, expect, test } from '@jest/globals';
import { noLongerNeeded, supersededBy } from '../../../../controller/history/superseded.ts';
import type { ReleaseHistory, ReleaseSpec, ReleaseStatus } from '../../../../crds/index.ts';
import { history, release } from '../releases.ts';

const PLAN = { plan: { version: 4 } } as unknown as ReleaseStatus;
const row = (version: number) => ({ version, chart: '', time: '', description: '' });

/** A version that the Release owns. */
function owned(version: number, annotations: Record<string, string> = {}): ReleaseHistory {
  const one = history(version);
  const owner = { apiVersion: '', kind: '', name: '', uid: 'uid-of-web', controller: true, blockOwnerDeletion: false };
  return { ...one, metadata: { ...one.metadata, annotations, ownerReferences: [owner] } };
}

const PLANNED = { 'coxswain.dev/planned': 'true' };

/** A version that waits for approval, or has waited. */
const planned = (version: number): ReleaseHistory => owned(version, PLANNED);

function numbers(recorded: number, versions: ReleaseHistory[], status?: ReleaseStatus): number[] {
  const of = { release: release({ approval: 'Manual' }, status), histories: versions };
  return supersededBy(recorded, of).map(({ spec }) => spec.version);
}

describe('a planned version supersedes', () => {
  test('that of the plan that was waiting until now', () => {
    expect(numbers(5, [owned(1), owned(2), owned(3), planned(4)], { ...PLAN, version: 3 })).toEqual([4]);
    expect(numbers(2, [planned(1)], { plan: { version: 1 } } as unknown as ReleaseStatus)).toEqual([1]);
  });

  test('none that was begun, even if a plan goes back to it or the status no longer lists it', () => {
    expect(
      numbers(
        5,
        [1, 2, 3, 4].map((version) => owned(version)),
        { ...PLAN, version: 3, history: [row(3)] },
      ),
    ).toEqual([]);
    expect(
      numbers(
        5,
        [1, 2, 3, 4].map((version) => owned(version)),
        {},
      ),
    ).toEqual([]);
  });

  test('those of edits that were undone', () => {
    expect(numbers(6, [owned(1), ...[2, 3, 4, 5].map(planned)], { version: 1, history: [row(1)] })).toEqual([
      2, 3, 4, 5,
    ]);
  });

  test('none that spec.version asks for', () => {
    const asked = { release: release({ approval: 'Manual', version: 2 }, { version: 1, history: [row(1)] }) };
    const superseded = supersededBy(4, { ...asked, histories: [owned(1), planned(2), planned(3)] });
    expect(superseded.map(({ spec }) => spec.version)).toEqual([3]);
  });

  test('none that Helm made', () => {
    const helm = owned(1, { ...PLANNED, 'coxswain.dev/helm-revision': '1' });
    expect(numbers(3, [helm, planned(2)], {})).toEqual([2]);
  });

  test('none with another owner', () => {
    const { metadata, ...rest } = history(4);
    const stranger = { ...rest, metadata: { ...metadata, annotations: PLANNED } };
    expect(numbers(5, [owned(3), stranger], { ...PLAN, version: 3 })).toEqual([]);
  });
});

describe('beyond the history limit', () => {
  const beyond = (
    inForce: number,
    begun: number[],
    status: ReleaseStatus,
    spec: Partial<ReleaseSpec> = {},
    standby?: number,
  ) => {
    const of = release({ approval: 'Manual', ...spec }, status);
    const histories = [...begun.map((version) => owned(version)), planned(5), planned(6)];
    return noLongerNeeded({ version: inForce, standby }, 3, { release: of, histories }).map((one) => one.spec.version);
  };
  const RAN = { version: 3, history: [row(1), row(2), row(3)] };

  test('none is deleted for a version that was planned and never begun', () => {
    expect(beyond(3, [1, 2, 3], RAN)).toEqual([]);
  });

  test('the oldest is deleted where a newer one failed and was rolled back', () => {
    expect(beyond(3, [1, 2, 3, 4], RAN)).toEqual([1]);
  });

  test('the oldest is deleted for one that is now in force', () => {
    expect(beyond(4, [1, 2, 3, 4], RAN)).toEqual([1]);
  });

  test('none is deleted while its colour is kept', () => {
    expect(beyond(4, [1, 2, 3, 4], { version: 4, history: [1, 2, 3, 4].map(row) }, {}, 1)).toEqual([2]);
  });

  test('none is deleted that spec.version asks for or that a plan goes back to', () => {
    const four = { version: 4, history: [row(1), row(2), row(3), row(4)] };
    expect(beyond(4, [1, 2, 3, 4], four)).toEqual([1]);
    expect(beyond(4, [1, 2, 3, 4], four, { version: 1 })).toEqual([2]);
    expect(beyond(4, [1, 2, 3, 4], { ...four, plan: { version: 1 } } as unknown as ReleaseStatus)).toEqual([2]);
  });
});
