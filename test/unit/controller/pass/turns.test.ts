import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { inTurns } from '../../../../controller/pass/turns.ts';

const STEP_MS = 6;

/** Work of so many steps, each of which says in which turn of the event loop it was. */
function* steps(count: number, turns: number[]): Generator<undefined, string> {
  for (let step = 0; step < count; step += 1) {
    turns.push(turn);
    for (const begunMs = performance.now(); performance.now() - begunMs < STEP_MS;);
    yield;
  }
  return 'done';
}

let turn = 0;

async function countTurns(until: Promise<unknown>): Promise<void> {
  let isOver = false;
  void until.then(() => (isOver = true));
  while (!isOver) {
    await setImmediate();
    turn += 1;
  }
}

test('together they take the time of one, and a step each, of a turn of the event loop', async () => {
  const turns: number[] = [];
  const works = Promise.all(Array.from({ length: 10 }, async () => inTurns(steps(4, turns))));
  await countTurns(works);
  expect(await works).toEqual(Array(10).fill('done'));
  const max = Math.max(...turns.map((each) => turns.filter((other) => other === each).length));
  // What was begun before the first turn is counted with it.
  expect(max).toBeLessThanOrEqual(2 + 2 + 9);
});
