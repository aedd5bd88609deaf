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
    [inForce],
    versions.map((version) => history(version)),
  );
  expect(beyond.map(({ spec }) => spec.version)).toEqual(expected);
});

test.each<[string, number, number, (number | 'edit')[], number[]]>([
  ['of a row, those that were replaced go first', 4, 6, ['edit', 'edit', 'edit', 1, 2, 3], [4, 5]],
  ['a row does not drive out what an edit made', 2, 5, ['edit', 'edit', 'edit', 1, 2], [4]],
  ['but older automatic ones', 2, 5, [1, 'edit', 'edit', 1, 2], [4, 1]],
  ['slow ones go like any other', 3, 5, ['edit', 1, 1, 1, 1], [2, 3]],
  ['but the newest that an edit made stays', 2, 4, ['edit', 'edit', 1, 1], [1, 3]],
  ['an edit after a row', 3, 5, ['edit', 1, 2, 3, 'edit'], [2, 3]],
])('%s', (_title, limit, inForce, causes, expected) => {
  const histories = causes.map((cause, index) => {
    const given = history(index + 1);
    return cause === 'edit' ? given : { ...given, spec: { ...given.spec, cause: 'Inputs' as const, streak: cause } };
  });
  expect(historiesBeyond(limit, [inForce], histories).map(({ spec }) => spec.version)).toEqual(expected);
});

test('a version that may have to be restored is not deleted', () => {
  const histories = [1, 2, 3].map((version) => history(version));
  expect(historiesBeyond(1, [3, 1], histories).map(({ spec }) => spec.version)).toEqual([2]);
});
