import { stat } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { inTurns } from '../../turns/index.ts';

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

test('together they take as much time in a turn of the event loop as one of them', async () => {
  const turns: number[] = [];
  const works = Promise.all(Array.from({ length: 10 }, async () => inTurns(steps(4, turns))));
  await countTurns(works);
  expect(await works).toEqual(Array(10).fill('done'));
  const max = Math.max(...turns.map((each) => turns.filter((other) => other === each).length));
  // What was begun before the first turn is counted with it, and two turns can fall into one as they are counted here.
  expect(max).toBeLessThanOrEqual(2 + 2 + 2);
});

test('short work waits for one step of long work, however much of that there is', async () => {
  const turns: number[] = [];
  const long = Promise.all(Array.from({ length: 10 }, async () => inTurns(steps(20, turns))));
  while (turns.length < 50) await setImmediate();
  const before = turns.length;
  const short = function* (): Generator<undefined, string> {
    yield;
    yield;
    return 'short';
  };
  expect(await inTurns(short())).toBe('short');
  expect(turns.length - before).toBeLessThanOrEqual(2);
  await long;
  expect(turns).toHaveLength(200);
});

test('work begun by a socket or file event shares the turn of what continues after it', async () => {
  const turns: number[] = [];
  let isOver = false;
  // A turn of the event loop begins with its timers.
  const count = (): void => {
    turn += 1;
    if (!isOver) setTimeout(count, 0);
  };
  count();
  const works = [inTurns(steps(20, turns))];
  for (let begun = 0; begun < 10; begun += 1) {
    await new Promise<void>((resolve) => {
      stat('.', () => {
        works.push(inTurns(steps(2, turns)));
        resolve();
      });
    });
  }
  await Promise.all(works);
  isOver = true;
  const max = Math.max(...turns.map((each) => turns.filter((other) => other === each).length));
  expect(max).toBeLessThanOrEqual(2);
});

test('an error thrown by work, at once or later, reaches whoever awaits it', async () => {
  // oxlint-disable-next-line require-yield
  const failing = function* (): Generator<undefined, never> {
    throw new Error('at once');
  };
  const failingLater = function* (): Generator<undefined, never> {
    yield* steps(4, []);
    throw new Error('later');
  };
  await expect(inTurns(failing())).rejects.toThrow('at once');
  await expect(inTurns(failingLater())).rejects.toThrow('later');
});
