import { expect, test } from '@jest/globals';
import { Budget } from '../../../../controller/pass/budget.ts';

const LIMITS = { total: 100, namespace: 60 };

test('a namespace has its share, whatever is left of the total', () => {
  const budget = new Budget(LIMITS);
  budget.add('a', 50);
  expect(budget.hasRoomFor('a', 10)).toBe(true);
  expect(budget.hasRoomFor('a', 11)).toBe(false);
  expect(budget.hasRoomFor('b', 50)).toBe(true);
});

test('when all is in use, those who hold less than the others still get some', () => {
  const budget = new Budget(LIMITS);
  budget.add('a', 60);
  budget.add('b', 40);
  expect(budget.hasRoomFor('b', 20)).toBe(false);
  budget.add('c', 1);
  expect(budget.hasRoomFor('c', 30)).toBe(true);
  expect(budget.hasRoomFor('c', 40)).toBe(false);
});

test('released memory is free again', () => {
  const budget = new Budget(LIMITS);
  budget.add('a', 60);
  budget.add('a', -60);
  expect(budget.held('a')).toBe(0);
  expect(budget.hasRoomFor('a', 60)).toBe(true);
});
