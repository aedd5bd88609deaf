import { expect, test } from '@jest/globals';
import { inputsSeen } from '../../../../../controller/versions/use-recorded-version.ts';
import type { Observed } from '../../../../../controller/pass/observed.ts';
import type { ReleaseHistory, ValuesReference } from '../../../../../crds/index.ts';
import { content, history, release } from '../../releases.ts';
import { inForce } from '../state-rows.ts';

const SECRET: ValuesReference = { kind: 'Secret', name: 'a', key: 'values.yaml' };

test('an automatic rollback knows the data that the failed version was made with, if both have the same sources', () => {
  const [first, second] = [versionWith(1, [SECRET]), versionWith(2, [SECRET])];
  const other = versionWith(2, [{ ...SECRET, name: 'b' }]);
  const seen = (failed: ReleaseHistory, by: 'failure' | 'user'): string | undefined => {
    const observed = { release: release({}, { ...inForce(2, [1]), inputs: 'seen' }), histories: [first, failed] };
    return inputsSeen(observed as Pick<Observed, 'release' | 'histories'>, first, by);
  };
  expect(seen(second, 'failure')).toBe('seen');
  expect(seen(other, 'failure')).toBeUndefined();
  expect(seen(second, 'user')).toBeUndefined();
});

function versionWith(version: number, valuesFrom: ValuesReference[]): ReleaseHistory {
  const made = history(version, content('a', { valuesFrom }));
  return { ...made, spec: { ...made.spec, valuesFrom } };
}
