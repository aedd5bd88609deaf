import { beforeEach, expect, test } from '@jest/globals';
import { LogTurns } from '../../../../controller/watches/log-turns.ts';

let turns: LogTurns;

beforeEach(() => {
  turns = new LogTurns();
});

test('a Release waits between two turns, and is told for how long', () => {
  expect(turns.waitMs('shop/web', 0)).toBe(0);
  turns.begin('shop/web', 0);
  expect(turns.waitMs('shop/web', 1_000)).toBe(4_000);
  expect(turns.waitMs('shop/web', 5_000)).toBe(2_000);
  turns.end('shop/web');
  expect(turns.waitMs('shop/web', 5_000)).toBe(0);
  expect(turns.waitMs('shop/other', 0)).toBe(0);
});

test('and much longer if its account is refused', () => {
  turns.refused('shop/web', 0);
  expect(turns.waitMs('shop/web', 599_000)).toBe(1_000);
  expect(turns.waitMs('shop/web', 600_000)).toBe(0);
});

test('no namespace has more than two turns at a time, so that others get theirs', () => {
  turns.begin('greedy/a', 0);
  turns.begin('greedy/b', 0);
  expect(turns.waitMs('greedy/c', 0)).toBe(2_000);
  expect(turns.waitMs('shop/web', 0)).toBe(0);
  turns.end('greedy/a');
  expect(turns.waitMs('greedy/c', 0)).toBe(0);
});

test('all together have ten at a time', () => {
  for (let index = 0; index < 10; index += 1) {
    expect(turns.waitMs(`ns-${index}/a`, 0)).toBe(0);
    turns.begin(`ns-${index}/a`, 0);
  }
  expect(turns.waitMs('shop/web', 0)).toBe(2_000);
});

test('a namespace with thousands of Releases makes no other forget its delays', () => {
  turns.refused('shop/web', 0);
  for (let index = 0; index < 5_000; index += 1) turns.refused(`greedy/${index}`, 0);
  expect(turns.waitMs('shop/web', 0)).toBe(600_000);
});
