import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Queue, type Requeue } from '../../../../controller/loop/queue.ts';
import { BACKOFF, Bench } from './queue-bench.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a key', () => {
  test('is queued once, however often it is added', async () => {
    const { queue, begun } = new Bench(0);
    queue.add('a/x');
    queue.add('a/x');
    expect(queue.depth).toBe(1);
    expect(begun).toEqual([]);
  });

  test('is processed by one worker at a time, and once more if it was added meanwhile', async () => {
    const bench = new Bench(4);
    bench.queue.add('a/x');
    bench.queue.add('a/x');
    bench.queue.add('a/x');
    expect(bench.running).toEqual(['a/x']);
    await bench.end('a/x');
    expect(bench.begun).toEqual(['a/x', 'a/x']);
    await bench.end('a/x');
    expect(bench.running).toEqual([]);
  });

  test('does not keep other keys from other workers', () => {
    const bench = new Bench(2);
    for (const key of ['a/x', 'a/y', 'a/z']) bench.queue.add(key);
    expect(bench.running).toEqual(['a/x', 'a/y']);
    expect(bench.queue.depth).toBe(1);
  });
});

describe('a delayed key', () => {
  test('is added when it is due', async () => {
    const bench = new Bench(1);
    bench.queue.addAfter('a/x', 1_000);
    await jest.advanceTimersByTimeAsync(999);
    expect(bench.begun).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(bench.begun).toEqual(['a/x']);
  });

  test.each([
    ['keeps an earlier time', 500, 1_000],
    ['takes an earlier time', 1_000, 500],
  ])('%s', async (_title, first, second) => {
    const bench = new Bench(1);
    bench.queue.addAfter('a/x', first);
    bench.queue.addAfter('a/x', second);
    await jest.advanceTimersByTimeAsync(500);
    expect(bench.begun).toEqual(['a/x']);
    await bench.end('a/x');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(bench.begun).toEqual(['a/x']);
  });

  test('is cancelled when the key is added', async () => {
    const bench = new Bench(1);
    bench.queue.addAfter('a/x', 1_000);
    bench.queue.add('a/x');
    await bench.end('a/x');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(bench.begun).toEqual(['a/x']);
  });

  test('is scheduled by the result of the work', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    await bench.end('a/x', { afterMs: 2_000 });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(bench.begun).toEqual(['a/x', 'a/x']);
  });

  test('may be due later than a timer can reach', async () => {
    const bench = new Bench(1);
    bench.queue.addAfter('a/x', 2 ** 40);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(bench.begun).toEqual([]);
    await bench.queue.stop();
  });
});

describe('work that throws', () => {
  test('is retried with growing delays, until it succeeds', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    for (const delay of [100, 200, 400, 800, 1_000, 1_000]) {
      await bench.end('a/x', new Error('down'));
      const { length } = bench.begun;
      await jest.advanceTimersByTimeAsync(delay * 0.5 - 1);
      expect(bench.begun.length).toBe(length);
      await jest.advanceTimersByTimeAsync(delay * 0.5 + 1);
      expect(bench.begun.length).toBe(length + 1);
    }
    expect(bench.errors.length).toBe(6);
    await bench.end('a/x');
    bench.queue.add('a/x');
    await bench.end('a/x', new Error('down'));
    await jest.advanceTimersByTimeAsync(100);
    expect(bench.running).toEqual(['a/x']);
  });

  test('is retried at once if the key was added meanwhile', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    bench.queue.add('a/x');
    await bench.end('a/x', new Error('down'));
    expect(bench.begun).toEqual(['a/x', 'a/x']);
  });

  test('occupies no worker while it waits', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    bench.queue.add('a/y');
    await bench.end('a/x', new Error('down'));
    expect(bench.running).toEqual(['a/y']);
  });

  test('may throw before it returns a promise', async () => {
    const errors: string[] = [];
    const work = (): Promise<Requeue> => {
      throw new Error('at once');
    };
    const queue = new Queue(work, {
      workers: 1,
      maxPerNamespace: 1,
      backoff: BACKOFF,
      onError: (key) => errors.push(key),
    });
    queue.add('a/x');
    await jest.advanceTimersByTimeAsync(0);
    expect(errors).toEqual(['a/x']);
    await queue.stop();
  });
});

describe('stopping', () => {
  test('lets the current work finish and drops the rest', async () => {
    const bench = new Bench(1);
    for (const key of ['a/x', 'a/x', 'a/y']) bench.queue.add(key);
    bench.queue.addAfter('a/z', 10);
    let isStopped = false;
    const stopped = bench.queue.stop().then(() => (isStopped = true));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(isStopped).toBe(false);
    await bench.end('a/x', { afterMs: 10 });
    await stopped;
    bench.queue.add('a/y');
    bench.queue.addAfter('a/y', 1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(bench.begun).toEqual(['a/x']);
    expect(bench.queue.depth).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('resolves at once when nothing is running', async () => {
    await expect(new Bench(1).queue.stop()).resolves.toBeUndefined();
  });

  test('schedules no retry for work that fails meanwhile', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    const stopped = bench.queue.stop();
    await bench.end('a/x', new Error('down'));
    await stopped;
    expect(jest.getTimerCount()).toBe(0);
  });
});
