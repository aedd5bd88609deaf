import { expect, test } from '@jest/globals';
import { versionBefore } from '../../../../../cli/release/change/rollback.ts';
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
  ['the one before, where somebody applies again what a rollback left', edited(release(5), LEFT), 2],
])('without a version, one goes back to %s', (_what, present, expected) => {
  expect(versionBefore(present, histories)).toBe(expected);
});

test.each([
  ['nothing is in force', release(undefined)],
  ['the one before is no longer recorded', release(2)],
])('there is none where %s', (_what, present) => {
  expect(() => versionBefore(present, histories)).toThrow('no version before the one in force');
});
