import { expect, test } from '@jest/globals';
import { lastOf } from '../../../../dashboard/server/releases/logs.ts';

async function* pieces(...texts: string[]): AsyncGenerator<string, void> {
  yield* texts;
}

test('of a log longer than the limit, the newest lines are sent, with a note', async () => {
  expect(await lastOf(pieces('one\ntw', 'o\nthree\n', 'four\n'), 14)).toEqual([
    '… (earlier lines are left out)\n',
    'three\n',
    'four\n',
  ]);
});

test('a log within the limit is sent as it is', async () => {
  expect(await lastOf(pieces('one\ntw', 'o\n'), 100)).toEqual(['one\ntw', 'o\n']);
  expect(await lastOf(pieces(), 100)).toEqual([]);
});
