import { expect, test } from '@jest/globals';
import { EventLoopShares } from '../../../../controller/loop/event-loop-shares.ts';

function shares(): EventLoopShares {
  const made = new EventLoopShares();
  made.begin('heavy', 0);
  made.begin('other', 0);
  return made;
}

test('a namespace more than two seconds ahead of a quarter of the time rests until it is not', () => {
  const one = shares();
  one.charge('heavy', 2_000, 0);
  expect(one.restMs('heavy', 0)).toBe(0);
  one.charge('heavy', 500, 0);
  expect(one.restMs('heavy', 0)).toBe(2_000);
  expect(one.restMs('heavy', 1_500)).toBe(500);
  expect(one.restMs('heavy', 2_000)).toBe(0);
  expect(one.restMs('other', 0)).toBe(0);
});

test('a namespace ahead by half of that does one thing at a time', () => {
  const one = shares();
  one.charge('heavy', 1_000, 0);
  expect(one.isAhead('heavy', 0)).toBe(false);
  one.charge('heavy', 1, 0);
  expect(one.isAhead('heavy', 0)).toBe(true);
  expect(one.isAhead('heavy', 10)).toBe(false);
  expect(one.isAhead('other', 0)).toBe(false);
});

test('in the long run every namespace may use a quarter', () => {
  const one = shares();
  for (let now = 0; now < 100_000; now += 1_000) {
    one.begin('other', now);
    one.charge('heavy', 250, now);
    expect(one.restMs('heavy', now)).toBe(0);
  }
});

test('no namespace rests while no other has been at work lately', () => {
  const one = shares();
  one.charge('heavy', 60_000, 0);
  expect(one.restMs('heavy', 10_000)).toBeGreaterThan(0);
  expect(one.restMs('heavy', 10_001)).toBe(0);
  one.begin('heavy', 10_001);
  expect(one.restMs('heavy', 10_001)).toBe(0);
  one.begin('other', 10_002);
  expect(one.restMs('heavy', 10_002)).toBeGreaterThan(0);
});

test('a namespace that owes nothing is not remembered among many', () => {
  const one = shares();
  one.charge('heavy', 60_000, 0);
  for (let index = 0; index < 5_000; index += 1) one.charge(`n${index}`, 1, 0);
  one.charge('n', 1, 10);
  expect(one.restMs('heavy', 10)).toBeGreaterThan(0);
});
