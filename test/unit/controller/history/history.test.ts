import { expect, test } from '@jest/globals';
import { historiesBeyond } from '../../../../controller/history/history.ts';
import { history } from '../releases.ts';

test.each<[string, number, number, number[], number[]]>([
  ['fewer than the limit', 10, 3, [1, 2, 3], []],
  ['as many as the limit', 3, 3, [1, 2, 3], []],
  ['the oldest go', 2, 4, [1, 2, 3, 4], [1, 2]],
  ['the version in force stays, however old', 2, 1, [1, 2, 3, 4], [2, 3]],
  ['it counts towards the limit', 3, 2, [1, 2, 3, 4], [1]],
  ['a limit of one', 1, 4, [1, 2, 3, 4], [1, 2, 3]],
  ['the newest stays beside it: the next number is counted from it', 1, 2, [1, 2, 3, 4], [1, 3]],
  ['no limit below one', 0, 2, [1, 2], [1]],
  ['gaps in the numbers', 2, 30, [3, 7, 20, 30], [3, 7]],
  ['none at all', 1, 1, [], []],
])('%s', (_title, limit, inForce, versions, expected) => {
  const beyond = historiesBeyond(
    limit,
    inForce,
    versions.map((version) => history(version)),
  );
  expect(beyond.map(({ spec }) => spec.version)).toEqual(expected);
});
