import { describe, expect, test } from '@jest/globals';
import { WorkerScheduler } from '../../../../chart-renderer/sandbox/worker-scheduler.ts';

const SLOW_MS = 100;

function schedulerWith(workers: number, waiting: string, slowForMs = 60_000): WorkerScheduler<string> {
  const scheduler = new WorkerScheduler<string>({ workers, slowMs: SLOW_MS, slowForMs });
  for (const item of waiting.split(' ')) scheduler.wait(namespaceOf(item), item);
  return scheduler;
}

function namespaceOf(item: string): string {
  return item.slice(0, 1);
}

/** What gets a worker, one after the other, as long as something does. */
function seated(scheduler: WorkerScheduler<string>): string {
  const items: string[] = [];
  for (let item = scheduler.next(); item !== undefined; item = scheduler.next()) items.push(item);
  return items.join(' ');
}

/** The order in which all is worked on, one item at a time. */
function inTurn(scheduler: WorkerScheduler<string>): string {
  const items: string[] = [];
  for (let item = scheduler.next(); item !== undefined; item = scheduler.next()) {
    items.push(item);
    scheduler.done(namespaceOf(item), 0);
  }
  return items.join(' ');
}

describe('a free worker', () => {
  test('goes to the namespaces in turn, and within each to the first in line', () => {
    expect(inTurn(schedulerWith(1, 'a1 a2 a3 b1 c1 b2'))).toBe('a1 b1 c1 a2 b2 a3');
  });

  test('is kept for others where a namespace holds all but one', () => {
    const scheduler = schedulerWith(4, 'a1 a2 a3 a4 a5');
    expect(seated(scheduler)).toBe('a1 a2 a3');
    scheduler.wait('b', 'b1');
    expect(seated(scheduler)).toBe('b1');
    scheduler.done('a', 0);
    expect(seated(scheduler)).toBe('a4');
  });

  test('is not kept where there is only one', () => {
    expect(seated(schedulerWith(1, 'a1'))).toBe('a1');
  });
});

describe('namespaces with slow work', () => {
  const slowed = (slowForMs?: number): WorkerScheduler<string> => {
    const scheduler = schedulerWith(4, 'a1 b1', slowForMs);
    expect(seated(scheduler)).toBe('a1 b1');
    scheduler.done('a', SLOW_MS + 1);
    scheduler.done('b', SLOW_MS + 1);
    for (const item of ['a2', 'a3', 'b2', 'c1', 'c2']) scheduler.wait(namespaceOf(item), item);
    return scheduler;
  };

  test('share one worker per scheduler', () => {
    const scheduler = slowed();
    expect(seated(scheduler)).toBe('a2 c1 c2');
    scheduler.done('a', 0);
    expect(seated(scheduler)).toBe('b2');
    scheduler.done('b', 0);
    expect(seated(scheduler)).toBe('a3');
  });

  test('are treated like others after a while', () => {
    expect(seated(slowed(0))).toBe('a2 b2 c1 a3 c2');
  });

  test('get none while they still hold several', () => {
    const scheduler = schedulerWith(4, 'a1 a2 a3 a4');
    expect(seated(scheduler)).toBe('a1 a2 a3');
    scheduler.done('a', SLOW_MS + 1);
    expect(seated(scheduler)).toBe('');
    scheduler.done('a', 0);
    scheduler.done('a', 0);
    expect(seated(scheduler)).toBe('a4');
  });
});

test('waiting work can be cancelled', () => {
  const scheduler = schedulerWith(1, 'a1 a2 b1');
  expect(scheduler.drain()).toEqual(['a1', 'a2', 'b1']);
  expect(seated(scheduler)).toBe('');
});
