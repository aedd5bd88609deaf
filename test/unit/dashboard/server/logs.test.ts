import { expect, test } from '@jest/globals';
import { lastOf } from '../../../../dashboard/server/releases/logs.ts';

async function* pieces(...texts: string[]): AsyncGenerator<string, void> {
  yield* texts;
}

test('of a log that is longer than what is sent, the newest lines are sent, and it is said', async () => {
  expect(await lastOf(pieces('one\ntw', 'o\nthree\n', 'four\n'), 14)).toEqual([
    '… (earlier lines are left out)\n',
    'three\n',
    'four\n',
  ]);
});

test('a log that is short enough is sent as it is', async () => {
  expect(await lastOf(pieces('one\ntw', 'o\n'), 100)).toEqual(['one\ntw', 'o\n']);
  expect(await lastOf(pieces(), 100)).toEqual([]);
});
