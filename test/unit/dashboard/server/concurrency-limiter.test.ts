import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { ConcurrencyLimiter } from '../../../../dashboard/server/http/concurrency-limiter.ts';

const LIMITS = { ofOne: 2, ofAll: 3, waitingOfOne: 2 };

/** Steps whose answers are there, and read, when they are told; and who has begun one. */
function steps() {
  const limiter = new ConcurrencyLimiter(LIMITS);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const readers = new Map<string, AbortController>();
  const enter = async (viewer: string, id: string): Promise<string> => {
    const reader = new AbortController();
    readers.set(id, reader);
    return limiter.run(viewer, reader.signal, async () => {
      begun.push(id);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      ends.set(id, (error) => (error === undefined ? resolve() : reject(error)));
      await promise;
      return id;
    });
  };
  const leave = async (id: string): Promise<void> => {
    readers.get(id)?.abort();
    await setImmediate();
  };
  const answer = async (id: string, error?: Error): Promise<void> => {
    ends.get(id)?.(error);
    await setImmediate();
  };
  const end = async (id: string, error?: Error): Promise<void> => {
    await answer(id, error);
    await leave(id);
  };
  return { begun, enter, answer, leave, end };
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

test('a viewer who has nothing goes before the next request of one who has', async () => {
  const { begun, enter, end } = steps();
  const all = [enter('a', 'a1'), enter('a', 'a2'), enter('b', 'b1'), enter('a', 'a3'), enter('c', 'c1')];
  await setImmediate();
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  await end('a1');
  expect(begun.slice(3)).toEqual(['c1']);
  await end('a2');
  expect(begun.slice(4)).toEqual(['a3']);
  for (const id of ['b1', 'c1', 'a3']) await end(id);
  await Promise.all(all);
});

test('an answer that is not read keeps out its own viewer, and nobody else', async () => {
  const { begun, enter, answer, leave, end } = steps();
  const all = [enter('a', 'a1'), enter('a', 'a2'), enter('a', 'a3'), enter('b', 'b1')];
  for (const id of ['a1', 'a2']) await answer(id);
  all.push(enter('b', 'b2'), enter('c', 'c1'));
  await setImmediate();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'b2', 'c1']);
  await end('c1');
  expect(begun).toHaveLength(5);
  await leave('a1');
  expect(begun.slice(5)).toEqual(['a3']);
  for (const id of ['a3', 'b1', 'b2']) await end(id);
  await Promise.all(all);
});

test('a step that fails, or is abandoned while it waits, makes room for others', async () => {
  const { begun, enter, leave, end } = steps();
  const [first, second] = [enter('a', 'a1'), enter('a', 'a2')];
  const [third, fourth] = [enter('a', 'a3'), enter('a', 'a4')];
  const failing = expect(first).rejects.toThrow('broken');
  const abandoned = expect(third).rejects.toMatchObject({ code: 'Abandoned' });
  await expect(enter('a', 'a5')).rejects.toMatchObject({ status: 429 });
  await leave('a3');
  await abandoned;
  await end('a1', new Error('broken'));
  await failing;
  expect(begun).toEqual(['a1', 'a2', 'a4']);
  await leave('a3');
  await end('a2');
  await end('a4');
  expect(await Promise.all([second, fourth])).toEqual(['a2', 'a4']);
});

test('a step whose viewer has left counts until it is done', async () => {
  const { begun, enter, answer, leave, end } = steps();
  const all = [enter('a', 'a1'), enter('a', 'a2'), enter('a', 'a3')];
  await leave('a1');
  expect(begun).toEqual(['a1', 'a2']);
  await answer('a1');
  expect(begun).toEqual(['a1', 'a2', 'a3']);
  for (const id of ['a2', 'a3']) await end(id);
  await Promise.all(all);
});
