import { expect, test } from '@jest/globals';
import { Budget } from '../../../../controller/pass/budget.ts';
import { Names } from '../../../../controller/watches/names.ts';

const config = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name } });
const named = (...names: string[]) => names.map((name) => ({ kind: 'ConfigMap', namespace: 'shop', name }));

test('an object counts as named until no Release names it', () => {
  const names = new Names(new Budget({ total: Infinity, namespace: Infinity }));
  names.set('shop/web', named('a', 'b'));
  names.set('shop/db', named('b'));
  expect(['a', 'b', 'c'].map((name) => names.has(config(name)))).toEqual([true, true, false]);
  names.set('shop/web', named('c'));
  expect(['a', 'b', 'c'].map((name) => names.has(config(name)))).toEqual([false, true, true]);
  names.forget('shop/db');
  names.forget('shop/web');
  expect(['a', 'b', 'c'].map((name) => names.has(config(name)))).toEqual([false, false, false]);
});

test('an object that a Release names twice counts as named until it names it no more', () => {
  const names = new Names(new Budget({ total: Infinity, namespace: Infinity }));
  for (const objects of [named('a', 'a'), named('a'), named('a')]) names.set('shop/web', objects);
  expect(names.has(config('a'))).toBe(true);
  names.set('shop/web', named('b'));
  expect(names.has(config('a'))).toBe(false);
});

test('names take up the memory share of their namespace, and release it; none is added where none is left', () => {
  const budget = new Budget({ total: 10_000, namespace: 5_000 });
  const names = new Names(budget);
  const many = named(...Array.from({ length: 15 }, (_, index) => `a${index}`));
  names.set('shop/web', many);
  names.set('shop/web', many);
  expect(budget.held('shop')).toBeGreaterThan(15 * 150);
  names.set('shop/db', [...many, ...named('b')]);
  expect(() =>
    names.check({ kind: 'ConfigMap', namespace: 'shop', name: 'b' }, 'system:serviceaccount:shop:web'),
  ).toThrow(expect.objectContaining({ code: 'LimitExceeded' }));
  expect(names.has(config('a0'))).toBe(true);
  names.forget('shop/web');
  expect(names.has(config('a0'))).toBe(false);
  expect(budget.held('shop')).toBe(0);
  names.set('shop/db', [...many, ...named('b')]);
  names.check({ kind: 'ConfigMap', namespace: 'shop', name: 'b' }, 'system:serviceaccount:shop:web');
  names.set('shop/db', []);
  expect(budget.held('shop')).toBe(0);
});
