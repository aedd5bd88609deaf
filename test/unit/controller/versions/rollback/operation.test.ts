import { describe, expect, test } from '@jest/globals';
import { operationFor } from '../../../../../controller/versions/use-recorded-version.ts';
import type { ReleaseHistory, ReleaseStatus } from '../../../../../crds/index.ts';
import { history, release } from '../../releases.ts';
import { inForce } from '../state-rows.ts';

type Marks = Record<string, string>;

/** A version with these annotations, and maybe of another Release of the name. */
function marked(version: number, annotations: Marks, labels: Marks = {}): ReleaseHistory {
  const one = history(version);
  return { ...one, metadata: { ...one.metadata, annotations, labels } };
}

const OF_ANOTHER = { 'coxswain.dev/release-uid': 'uid-of-another' };
const helm = (version: number): ReleaseHistory => marked(version, { 'coxswain.dev/helm-revision': `${version}` });
const inherited = (version: number): ReleaseHistory => marked(version, {}, OF_ANOTHER);
const planned = (version: number): ReleaseHistory => marked(version, { 'coxswain.dev/planned': 'true' }, OF_ANOTHER);

function unfinished(version: number, status: ReleaseStatus): ReleaseStatus {
  const rows = status.history?.map((row) => (row.version === version ? { ...row, unfinished: true } : row));
  return { ...status, ...(rows && { history: rows }) };
}

describe('going back to', () => {
  test.each<[string, string, number, ReleaseHistory[], ReleaseStatus | undefined]>([
    ['a revision that Helm made', 'Rollback', 4, [helm(3), helm(4), history(5)], inForce(5)],
    ['the next one of Helm after another one', 'Rollback', 4, [helm(3), helm(4), history(5)], inForce(3, [5])],
    ['one of Helm that was rolled back to', 'Rollback', 4, [helm(4), history(5)], inForce(5, [4])],
    [
      'one of Helm to which a rollback did not complete',
      'Upgrade',
      4,
      [helm(4), history(5)],
      unfinished(4, inForce(5, [4])),
    ],
    ['an inherited version', 'Rollback', 1, [inherited(1), history(2)], inForce(2)],
    ['an inherited version that was only planned', 'Upgrade', 2, [inherited(1), planned(2), history(3)], inForce(3)],
    ['an inherited version that was never begun', 'Upgrade', 3, [inherited(2), inherited(3)], inForce(2)],
    [
      'a version of its own that was never in force',
      'Upgrade',
      2,
      [history(1), history(2), history(3)],
      inForce(3, [1]),
    ],
    ['a version whose status is lost', 'Rollback', 1, [history(1), history(2)], undefined],
    ['a revision of Helm before anything else', 'Install', 4, [helm(3), helm(4)], undefined],
  ])('%s: %s', (_what, expected, version, histories, status) => {
    expect(operationFor(version, 'user', { release: release({}, status), histories })).toBe(expected);
  });
});

describe('a first version is', () => {
  test.each<[string, string, ReleaseHistory[]]>([
    ['an upgrade from what a deleted Release left', 'Upgrade', [inherited(1)]],
    ['an install where that was only planned', 'Install', [planned(1)]],
    ['an upgrade where only the newest was planned', 'Upgrade', [inherited(1), planned(2)]],
  ])('%s', (_what, expected, histories) => {
    expect(operationFor(histories.length, 'interruption', { release: release(), histories })).toBe(expected);
  });
});
