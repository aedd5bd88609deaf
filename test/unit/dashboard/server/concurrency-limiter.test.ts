import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { ConcurrencyLimiter } from '../../../../dashboard/server/http/concurrency-limiter.ts';

const LIMITS = { ofOne: 2, ofAll: 3, waitingOfOne: 2 };
const never = new AbortController().signal;

/** Steps that end when they are told, and who has begun one. */
function steps() {
  const limiter = new ConcurrencyLimiter(LIMITS);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const enter = async (viewer: string, id: string, ended = never): Promise<string> =>
    limiter.run(viewer, ended, async () => {
      begun.push(id);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      ends.set(id, (error) => (error === undefined ? resolve() : reject(error)));
      await promise;
      return id;
    });
  const end = async (id: string, error?: Error): Promise<void> => {
    ends.get(id)?.(error);
    await setImmediate();
  };
  return { begun, enter, end };
}

test('requests are served in order, but one viewer does not keep others out', async () => {
  const { begun, enter, end } = steps();
  const all = [enter('a', 'a1'), enter('a', 'a2'), enter('a', 'a3'), enter('b', 'b1'), enter('b', 'b2')];
  await setImmediate();
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  await end('b1');
  expect(begun.slice(3)).toEqual(['b2']);
  await end('a2');
  expect(begun.slice(4)).toEqual(['a3']);
  for (const id of ['a1', 'a3', 'b2']) await end(id);
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
});

test('a step that fails, or is abandoned while it waits, makes room for others', async () => {
  const { begun, enter, end } = steps();
  const leaving = new AbortController();
  const [first, second] = [enter('a', 'a1'), enter('a', 'a2')];
  const [third, fourth] = [enter('a', 'a3', leaving.signal), enter('a', 'a4')];
  const failing = expect(first).rejects.toThrow('broken');
  const abandoned = expect(third).rejects.toMatchObject({ code: 'Abandoned' });
  await expect(enter('a', 'a5')).rejects.toMatchObject({ status: 429 });
  leaving.abort();
  await abandoned;
  await end('a1', new Error('broken'));
  await failing;
  expect(begun).toEqual(['a1', 'a2', 'a4']);
  leaving.abort();
  await end('a2');
  await end('a4');
  expect(await Promise.all([second, fourth])).toEqual(['a2', 'a4']);
});
