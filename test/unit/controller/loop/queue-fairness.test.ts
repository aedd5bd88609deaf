import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Queue, type Requeue } from '../../../../controller/loop/queue.ts';
import { inTurns } from '../../../../turns/index.ts';
import { BACKOFF, Bench } from './queue-bench.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('namespaces', () => {
  test('take turns', async () => {
    const bench = new Bench(1);
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'b/2']) bench.queue.add(key);
    for (let turn = 0; turn < 6; turn += 1) await bench.end(bench.running[0] ?? '');
    expect(bench.begun).toEqual(['a/1', 'a/2', 'b/1', 'c/1', 'a/3', 'b/2']);
  });

  test('with many keys delay the others by only one key', async () => {
    const bench = new Bench(1);
    for (let key = 0; key < 100; key += 1) bench.queue.add(`many/${key}`);
    await bench.end('many/0');
    bench.queue.add('few/1');
    await bench.end('many/1');
    await bench.end(bench.running[0] ?? '');
    expect(bench.begun.indexOf('few/1')).toBeLessThanOrEqual(3);
  });
});

describe('a namespace', () => {
  test('leaves workers to others, however long its work takes', async () => {
    const bench = new Bench(4, 2);
    for (const key of ['many/1', 'many/2', 'many/3', 'few/1']) bench.queue.add(key);
    expect(bench.running).toEqual(['many/1', 'many/2', 'few/1']);
    await bench.end('few/1');
    expect(bench.running).toEqual(['many/1', 'many/2']);
    await bench.end('many/1');
    expect(bench.running).toEqual(['many/2', 'many/3']);
  });
});

describe('long work', () => {
  test('of however many namespaces keeps no other waiting for more than a second', async () => {
    const bench = new Bench(4, 2);
    for (const tenant of ['a', 'b', 'c', 'd']) for (const name of '123456') bench.queue.add(`${tenant}/${name}`);
    bench.queue.add('few/1');
    expect(bench.running).not.toContain('few/1');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(bench.running).toEqual(['a/1', 'a/2', 'b/1', 'b/2', 'c/1', 'd/1', 'few/1', 'c/2']);
    await bench.end('few/1');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(bench.running).toHaveLength(8);
    bench.queue.add('few/2');
    expect(bench.running).toContain('few/2');
  });

  test('in one namespace leaves it no more than its share', async () => {
    const bench = new Bench(4, 2);
    for (const key of ['a/1', 'a/2', 'a/3']) bench.queue.add(key);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(bench.running).toEqual(['a/1', 'a/2']);
    await bench.end('a/1');
    expect(bench.running).toEqual(['a/2', 'a/3']);
  });

  test('of one tenant with many namespaces leaves room for one key of each other namespace', async () => {
    const bench = new Bench(4, 2);
    for (let space = 0; space < 20; space += 1) for (const name of '123') bench.queue.add(`mine${space}/${name}`);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(bench.running).toHaveLength(4 * 8);
    for (const key of ['other/1', 'other/2', 'third/1']) bench.queue.add(key);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(bench.running).toEqual(expect.arrayContaining(['other/1', 'third/1']));
    expect(bench.running).not.toContain('other/2');
    await bench.end('other/1');
    expect(bench.running).toContain('other/2');
  });

  test('has an upper bound', async () => {
    const bench = new Bench(1);
    for (let tenant = 0; tenant < 40; tenant += 1) bench.queue.add(`n${tenant}/1`);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(bench.running).toHaveLength(32);
    await bench.end('n0/1');
    expect(bench.running).toHaveLength(32);
  });
});

describe('work under way', () => {
  /** Ends the work on a key of which more is to be done at once, as an event of a child asks for it. */
  async function endInPart(bench: Bench, key: string): Promise<void> {
    bench.queue.add(key);
    await bench.end(key, { underWay: true });
  }

  test('is finished before other work is begun: in a burst the first are done long before the last', async () => {
    const bench = new Bench(1);
    const keys = Array.from({ length: 40 }, (_, index) => `n${index % 7}/${index}`);
    for (const key of keys) bench.queue.add(key);
    const passesOf = (key: string): number => bench.begun.filter((begun) => begun === key).length;
    while (new Set(bench.begun).size < keys.length) {
      const [key = ''] = bench.running;
      await (passesOf(key) < 3 ? endInPart(bench, key) : bench.end(key));
    }
    expect(keys.filter((key) => passesOf(key) === 3).length).toBeGreaterThan(30);
  });

  test('keeps a new key waiting for at most four others', async () => {
    const bench = new Bench(1);
    for (const key of ['a/1', 'a/2', 'b/1']) bench.queue.add(key);
    for (let turn = 0; turn < 20; turn += 1) await endInPart(bench, bench.running[0] ?? '');
    bench.queue.add('c/new');
    const { length } = bench.begun;
    while (!bench.running.includes('c/new')) await endInPart(bench, bench.running[0] ?? '');
    expect(bench.begun.length - length).toBeLessThanOrEqual(5);
  });

  test('is divided between namespaces as well', async () => {
    const bench = new Bench(1);
    const keys = ['few/1', ...Array.from({ length: 9 }, (_, index) => `many/${index}`)];
    for (const key of keys) bench.queue.add(key);
    while (new Set(bench.begun).size < keys.length) await endInPart(bench, bench.running[0] ?? '');
    const { length } = bench.begun;
    for (let turn = 0; turn < 10; turn += 1) await endInPart(bench, bench.running[0] ?? '');
    expect(bench.begun.slice(length).filter((key) => key === 'few/1').length).toBe(5);
  });

  test('loses its precedence once it is finished', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/1');
    await endInPart(bench, 'a/1');
    await bench.end('a/1');
    for (const key of ['b/1', 'c/1', 'a/1']) bench.queue.add(key);
    await bench.end('b/1');
    expect(bench.running).toEqual(['c/1']);
  });

  test('keeps its precedence when one of its passes throws', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/1');
    await endInPart(bench, 'a/1');
    bench.queue.add('a/1');
    for (const key of ['b/1', 'b/2']) bench.queue.add(key);
    await bench.end('a/1', new Error('edited in between'));
    expect(bench.running).toEqual(['a/1']);
  });
});

test('a namespace whose work has exceeded its share of the event loop rests while others are at work', async () => {
  const begun: string[] = [];
  const heavy = function* (): Generator<undefined, void> {
    jest.advanceTimersByTime(3_000);
    yield;
  };
  const work = async (key: string): Promise<Requeue> => {
    begun.push(key);
    if (key.startsWith('heavy/')) await inTurns(heavy());
    return {};
  };
  const queue = new Queue(work, { workers: 4, maxPerNamespace: 2, backoff: BACKOFF, onError: () => undefined });
  for (const key of ['other/x', 'heavy/x']) queue.add(key);
  await jest.advanceTimersByTimeAsync(10);
  for (const key of ['heavy/y', 'other/y']) queue.add(key);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(['other/x', 'heavy/x', 'other/y']);
  await jest.advanceTimersByTimeAsync(3_000);
  expect(begun).toEqual(['other/x', 'heavy/x', 'other/y', 'heavy/y']);
  await queue.stop();
});
