import { describe, expect, test } from '@jest/globals';
import { Turns } from '../../../../chart-renderer/sandbox/turns.ts';

const SLOW_MS = 100;

function turnsOf(workers: number, waiting: string, slowForMs = 60_000): Turns<string> {
  const turns = new Turns<string>({ workers, slowMs: SLOW_MS, slowForMs });
  for (const item of waiting.split(' ')) turns.wait(namespaceOf(item), item);
  return turns;
}

function namespaceOf(item: string): string {
  return item.slice(0, 1);
}

/** What gets a worker, one after the other, as long as something does. */
function seated(turns: Turns<string>): string {
  const items: string[] = [];
  for (let item = turns.next(); item !== undefined; item = turns.next()) items.push(item);
  return items.join(' ');
}

/** The order in which all is worked on, one item at a time. */
function inTurn(turns: Turns<string>): string {
  const items: string[] = [];
  for (let item = turns.next(); item !== undefined; item = turns.next()) {
    items.push(item);
    turns.done(namespaceOf(item), 0);
  }
  return items.join(' ');
}

describe('a free worker', () => {
  test('goes to one namespace after the other, in each to who came first', () => {
    expect(inTurn(turnsOf(1, 'a1 a2 a3 b1 c1 b2'))).toBe('a1 b1 c1 a2 b2 a3');
  });

  test('is kept for others where a namespace holds all but one', () => {
    const turns = turnsOf(4, 'a1 a2 a3 a4 a5');
    expect(seated(turns)).toBe('a1 a2 a3');
    turns.wait('b', 'b1');
    expect(seated(turns)).toBe('b1');
    turns.done('a', 0);
    expect(seated(turns)).toBe('a4');
  });

  test('is not kept where there is one only', () => {
    expect(seated(turnsOf(1, 'a1'))).toBe('a1');
  });
});

describe('namespaces that were slow', () => {
  const slowed = (slowForMs?: number): Turns<string> => {
    const turns = turnsOf(4, 'a1 b1', slowForMs);
    expect(seated(turns)).toBe('a1 b1');
    turns.done('a', SLOW_MS + 1);
    turns.done('b', SLOW_MS + 1);
    for (const item of ['a2', 'a3', 'b2', 'c1', 'c2']) turns.wait(namespaceOf(item), item);
    return turns;
  };

  test('share one worker, by turns', () => {
    const turns = slowed();
    expect(seated(turns)).toBe('a2 c1 c2');
    turns.done('a', 0);
    expect(seated(turns)).toBe('b2');
    turns.done('b', 0);
    expect(seated(turns)).toBe('a3');
  });

  test('are like others after a while', () => {
    expect(seated(slowed(0))).toBe('a2 b2 c1 a3 c2');
  });

  test('get none while they still hold several', () => {
    const turns = turnsOf(4, 'a1 a2 a3 a4');
    expect(seated(turns)).toBe('a1 a2 a3');
    turns.done('a', SLOW_MS + 1);
    expect(seated(turns)).toBe('');
    turns.done('a', 0);
    turns.done('a', 0);
    expect(seated(turns)).toBe('a4');
  });
});

test('what waits can be taken away', () => {
  const turns = turnsOf(1, 'a1 a2 b1');
  expect(turns.drain()).toEqual(['a1', 'a2', 'b1']);
  expect(seated(turns)).toBe('');
});
