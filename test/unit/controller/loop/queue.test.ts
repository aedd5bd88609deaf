import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Queue, type Next } from '../../../../controller/loop/queue.ts';
import { inTurns } from '../../../../controller/pass/turns.ts';

const BACKOFF = { first: 100, max: 1_000 };

/** A queue whose work lasts until it is told to end, with all that it did. */
class Bench {
  readonly begun: string[] = [];
  readonly errors: string[] = [];
  readonly queue: Queue;
  readonly #ends: { key: string; end: (next: Next | Error) => void }[] = [];

  constructor(workers: number, maxPerNamespace = workers) {
    this.queue = new Queue((key) => this.#work(key), {
      workers,
      maxPerNamespace,
      backoff: BACKOFF,
      onError: (key) => this.errors.push(key),
    });
  }

  get running(): string[] {
    return this.#ends.map(({ key }) => key);
  }

  /** Ends the work on a key that has been worked on the longest, and lets the queue go on. */
  async end(key: string, next: Next | Error = {}): Promise<void> {
    const index = this.#ends.findIndex((work) => work.key === key);
    const [work] = this.#ends.splice(index, 1);
    if (index < 0 || !work) throw new Error(`${key} is not being worked on`);
    work.end(next);
    await jest.advanceTimersByTimeAsync(0);
  }

  #work(key: string): Promise<Next> {
    this.begun.push(key);
    return new Promise((resolve, reject) => {
      const end = (next: Next | Error): void => (next instanceof Error ? reject(next) : resolve(next));
      this.#ends.push({ key, end });
    });
  }
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a key', () => {
  test('waits once, however often it is added', async () => {
    const { queue, begun } = new Bench(0);
    queue.add('a/x');
    queue.add('a/x');
    expect(queue.depth).toBe(1);
    expect(begun).toEqual([]);
  });

  test('is worked on by one worker at a time, and once more if it was added meanwhile', async () => {
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

  test('does not keep others from other workers', () => {
    const bench = new Bench(2);
    for (const key of ['a/x', 'a/y', 'a/z']) bench.queue.add(key);
    expect(bench.running).toEqual(['a/x', 'a/y']);
    expect(bench.queue.depth).toBe(1);
  });
});

describe('namespaces', () => {
  test('take turns', async () => {
    const bench = new Bench(1);
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'b/2']) bench.queue.add(key);
    for (let turn = 0; turn < 6; turn += 1) await bench.end(bench.running[0] ?? '');
    expect(bench.begun).toEqual(['a/1', 'a/2', 'b/1', 'c/1', 'a/3', 'b/2']);
  });

  test('with many keys delay the others by one key', async () => {
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
  test('leaves workers to others, however long its work lasts', async () => {
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

  test('of one namespace leaves it no more than its part', async () => {
    const bench = new Bench(4, 2);
    for (const key of ['a/1', 'a/2', 'a/3']) bench.queue.add(key);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(bench.running).toEqual(['a/1', 'a/2']);
    await bench.end('a/1');
    expect(bench.running).toEqual(['a/2', 'a/3']);
  });

  test('is not begun without bound', async () => {
    const bench = new Bench(1);
    for (let tenant = 0; tenant < 20; tenant += 1) bench.queue.add(`n${tenant}/1`);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(bench.running).toHaveLength(8);
    await bench.end('n0/1');
    expect(bench.running).toHaveLength(8);
  });
});

describe('work under way', () => {
  /** Ends the work on a key of which more is to be done at once, as an event of a child asks for it. */
  async function endInPart(bench: Bench, key: string): Promise<void> {
    bench.queue.add(key);
    await bench.end(key, { underWay: true });
  }

  test('is finished before others are begun: in a burst the first are done long before the last', async () => {
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

  test('keeps what is new waiting for four others at most', async () => {
    const bench = new Bench(1);
    for (const key of ['a/1', 'a/2', 'b/1']) bench.queue.add(key);
    for (let turn = 0; turn < 20; turn += 1) await endInPart(bench, bench.running[0] ?? '');
    bench.queue.add('c/new');
    const { length } = bench.begun;
    while (!bench.running.includes('c/new')) await endInPart(bench, bench.running[0] ?? '');
    expect(bench.begun.length - length).toBeLessThanOrEqual(5);
  });

  test('is shared out between namespaces as well', async () => {
    const bench = new Bench(1);
    const keys = ['few/1', ...Array.from({ length: 9 }, (_, index) => `many/${index}`)];
    for (const key of keys) bench.queue.add(key);
    while (new Set(bench.begun).size < keys.length) await endInPart(bench, bench.running[0] ?? '');
    const { length } = bench.begun;
    for (let turn = 0; turn < 10; turn += 1) await endInPart(bench, bench.running[0] ?? '');
    expect(bench.begun.slice(length).filter((key) => key === 'few/1').length).toBe(5);
  });

  test('has no precedence once it is finished', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/1');
    await endInPart(bench, 'a/1');
    await bench.end('a/1');
    for (const key of ['b/1', 'c/1', 'a/1']) bench.queue.add(key);
    await bench.end('b/1');
    expect(bench.running).toEqual(['c/1']);
  });

  test('stays so where a pass of it throws', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/1');
    await endInPart(bench, 'a/1');
    bench.queue.add('a/1');
    for (const key of ['b/1', 'b/2']) bench.queue.add(key);
    await bench.end('a/1', new Error('edited in between'));
    expect(bench.running).toEqual(['a/1']);
  });
});

describe('an appointment', () => {
  test('adds the key when it is due', async () => {
    const bench = new Bench(1);
    bench.queue.addAfter('a/x', 1_000);
    await jest.advanceTimersByTimeAsync(999);
    expect(bench.begun).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(bench.begun).toEqual(['a/x']);
  });

  test.each([
    ['an earlier one stands', 500, 1_000],
    ['an earlier one takes its place', 1_000, 500],
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

  test('is over once the key is added', async () => {
    const bench = new Bench(1);
    bench.queue.addAfter('a/x', 1_000);
    bench.queue.add('a/x');
    await bench.end('a/x');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(bench.begun).toEqual(['a/x']);
  });

  test('is made by what the work returns', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    await bench.end('a/x', { afterMs: 2_000 });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(bench.begun).toEqual(['a/x', 'a/x']);
  });

  test('may be further away than a timer reaches', async () => {
    const bench = new Bench(1);
    bench.queue.addAfter('a/x', 2 ** 40);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(bench.begun).toEqual([]);
    await bench.queue.stop();
  });
});

describe('work that throws', () => {
  test('is tried again with growing delays, until it succeeds', async () => {
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

  test('does not wait where the key was added meanwhile', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    bench.queue.add('a/x');
    await bench.end('a/x', new Error('down'));
    expect(bench.begun).toEqual(['a/x', 'a/x']);
  });

  test('holds no worker while it waits', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    bench.queue.add('a/y');
    await bench.end('a/x', new Error('down'));
    expect(bench.running).toEqual(['a/y']);
  });

  test('may throw before it returns a promise', async () => {
    const errors: string[] = [];
    const work = (): Promise<Next> => {
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

test('a namespace whose work has taken more than its share of the event loop rests, while others are at work', async () => {
  const begun: string[] = [];
  const heavy = function* (): Generator<undefined, void> {
    jest.advanceTimersByTime(3_000);
    yield;
  };
  const work = async (key: string): Promise<Next> => {
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

describe('stopping', () => {
  test('lets the work under way end and drops the rest', async () => {
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

  test('resolves at once where nothing is under way', async () => {
    await expect(new Bench(1).queue.stop()).resolves.toBeUndefined();
  });

  test('makes no appointment for work that fails meanwhile', async () => {
    const bench = new Bench(1);
    bench.queue.add('a/x');
    const stopped = bench.queue.stop();
    await bench.end('a/x', new Error('down'));
    await stopped;
    expect(jest.getTimerCount()).toBe(0);
  });
});
