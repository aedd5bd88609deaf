import { describe, expect, test } from '@jest/globals';
import { alreadyRolledBack, versionBefore } from '../../../../../cli/release/change/version-before.ts';
import type { Release, ReleaseHistory } from '../../../../../crds/index.ts';
import { contentDigest } from '../../../../../records/index.ts';

const SPEC = { chart: { registry: 'oci://example.com/charts', name: 'web', version: '1.0.0' } };
const digests = { content: contentDigest(SPEC) };

const histories = [
  { version: 5, comparedWith: 2 },
  { version: 3, comparedWith: 2 },
  { version: 2, comparedWith: 1 },
].map((spec) => ({ spec: { ...spec, digests } }) as unknown as ReleaseHistory);

function release(inForce: number | undefined, begun = inForce, wanted = inForce): Release {
  const status = { version: inForce, operation: { version: begun } };
  return { metadata: { name: 'web' }, spec: { ...SPEC, version: wanted }, status } as unknown as Release;
}

function lastGreen(version: number, present: Release): Release {
  return { ...present, status: { ...present.status, lastGreen: version } } as Release;
}

function edited({ spec, ...present }: Release, leftContent?: string): Release {
  const values = { edited: true };
  return { ...present, spec: { ...spec, values }, status: { ...present.status, leftContent } } as Release;
}

const LEFT = contentDigest({ ...SPEC, values: { edited: true } });

test.each<[string, Release, number]>([
  ['the one that the version in force replaced', release(5), 2],
  ['the last that was Green', lastGreen(3, release(5)), 3],
  ['the one that the version in force replaced, if that was Green', lastGreen(5, release(5)), 2],
  ['the version in force, while another one is under way', release(3, 5, 3), 3],
  ['the version in force, where another one is asked for', release(3, 3, 5), 3],
  ['the version in force, where an edit of its content is not in force', edited(release(5)), 5],
  ['the previous one, where somebody applies again what a rollback undid', edited(release(5), LEFT), 2],
])('without a version, the rollback goes to %s', (_what, present, expected) => {
  expect(versionBefore(present, histories)).toBe(expected);
});

describe('while a failed version is rolled back automatically', () => {
  const contents = new Map([5, 3, 2].map((version) => [version, { ...SPEC, values: { version } }]));
  const recorded = histories.map((one) => ({
    spec: { ...one.spec, digests: { content: contentDigest(contents.get(one.spec.version) ?? SPEC) } },
  })) as unknown as ReleaseHistory[];
  const rolledBack = { version: 5, to: 3, reason: 'TimedOut', message: '', at: '' };
  const at = (version: number, phase: string, spec: { version?: number; of: number }, status: object = {}): Release => {
    const operation = { type: version === 3 ? 'Rollback' : 'Upgrade', version, phase };
    return {
      metadata: { name: 'web' },
      spec: { ...contents.get(spec.of), version: spec.version },
      status: { version: version === 3 && phase === 'Done' ? 3 : 5, lastGreen: 3, rolledBack, operation, ...status },
    } as unknown as Release;
  };

  test.each([
    ['it is decided', at(5, 'Done', { version: 5, of: 5 }), 'is being rolled back to version 3'],
    ['its content is restored', at(5, 'Done', { version: 5, of: 3 }), 'is being rolled back to version 3'],
    ['it is under way', at(3, 'Before', { version: 3, of: 3 }), 'is being rolled back to version 3'],
    ['it is done', at(3, 'Done', { version: 3, of: 3 }), 'is rolled back to version 3'],
    [
      'a tool applies the failed content again',
      at(3, 'Done', { version: 3, of: 5 }, { leftContent: contentDigest({ ...SPEC, values: { version: 5 } }) }),
      'is rolled back to version 3',
    ],
  ])('rollback has nothing to do once %s', (_what, present, said) => {
    expect(alreadyRolledBack(present, recorded)).toContain(said);
  });

  test.each([
    ['another version was asked for', at(3, 'Done', { version: 5, of: 3 }), 3],
    ['the content was edited', at(3, 'Done', { version: 3, of: 2 }), 3],
    ['another version was begun', at(2, 'Done', { version: 2, of: 2 }, { version: 2, lastGreen: 2 }), 1],
  ])('rollback works as usual where %s', (_what, present, expected) => {
    expect(alreadyRolledBack(present, recorded)).toBeUndefined();
    const all = [...recorded, { spec: { version: 1, digests } } as unknown as ReleaseHistory];
    expect(versionBefore(present, all)).toBe(expected);
  });
});

test('a rollback that is under way continues', () => {
  const operation = { type: 'Rollback', version: 2, phase: 'Applying' };
  const present = { ...release(5, 2, 2), status: { version: 5, operation } } as unknown as Release;
  expect(versionBefore(present, histories)).toBe(2);
  const asked = { ...present, spec: { ...present.spec, version: 3 } } as Release;
  expect(versionBefore(asked, histories)).toBe(5);
});

test.each([
  ['nothing is in force', release(undefined)],
  ['the previous one is no longer recorded', release(2)],
])('there is no version to go back to where %s', (_what, present) => {
  expect(() => versionBefore(present, histories)).toThrow('no version before the one in force');
});
