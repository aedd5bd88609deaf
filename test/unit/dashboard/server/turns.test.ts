import { expect, test } from '@jest/globals';
import { inTurns } from '../../../../dashboard/server/turns.ts';

/** Work that has no end before `isDone`. */
function* until<T>(isDone: () => boolean, result: T): Generator<undefined, T> {
  while (!isDone()) yield;
  return result;
}

test('others run between the steps of long work, and other such work has its turn', async () => {
  const done = { timer: false, first: false };
  setTimeout(() => (done.timer = true));
  const first = inTurns(until(() => done.timer, 1)).then((result) => ((done.first = true), result));
  const second = inTurns(until(() => done.first, 2));
  expect(await Promise.all([first, second])).toEqual([1, 2]);
});

test('work that fails stops no other', async () => {
  const failing = inTurns(
    // oxlint-disable-next-line require-yield
    (function* failed(): Generator<undefined, never> {
      throw new Error('no');
    })(),
  );
  await expect(failing).rejects.toThrow('no');
  expect(await inTurns(until(() => true, 'done'))).toBe('done');
});
