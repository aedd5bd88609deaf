import { expect, test } from '@jest/globals';
import { Budget } from '../../../../controller/pass/budget.ts';
import { Selectors } from '../../../../controller/watches/selectors.ts';
import type { KubeObject, Selector } from '../../../../resources/index.ts';

const KEY = 'shop/web';
const selector = (app: string): Selector => ({ namespace: 'shop', matchLabels: { app }, matchExpressions: [] });
const pod = (app: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop', labels: { app } },
});

test('a Release selects the pods that one of its selectors selects, until it is forgotten', () => {
  const selectors = new Selectors(new Budget({ total: 100_000, namespace: 50_000 }));
  selectors.set(KEY, [selector('a'), selector('b')]);
  expect(['a', 'b', 'c'].map((app) => selectors.select(KEY, pod(app)))).toEqual([true, true, false]);
  expect(selectors.select('shop/other', pod('a'))).toBe(false);
  selectors.set(KEY, [selector('c')]);
  expect(['a', 'c'].map((app) => selectors.select(KEY, pod(app)))).toEqual([false, true]);
  selectors.forget(KEY);
  expect(selectors.select(KEY, pod('c'))).toBe(false);
});

test('selectors take of the room of their namespace, and give it back', () => {
  const budget = new Budget({ total: 100_000, namespace: 50_000 });
  const selectors = new Selectors(budget);
  const some = [selector('x'.repeat(10_000))];
  selectors.set(KEY, some);
  selectors.set(KEY, some);
  expect(budget.held('shop')).toBeGreaterThan(40_000);
  expect(() => selectors.set('shop/other', some)).toThrow(expect.objectContaining({ code: 'LimitExceeded' }));
  selectors.forget(KEY);
  expect(budget.held('shop')).toBe(0);
  selectors.set('shop/other', some);
});

test('those of one Release are no longer than 256 Ki characters', () => {
  const selectors = new Selectors(new Budget({ total: Infinity, namespace: Infinity }));
  const many = Array.from({ length: 300 }, () => selector('x'.repeat(1_000)));
  expect(() => selectors.set(KEY, many)).toThrow('may have 256 Ki characters together');
  selectors.set(KEY, many.slice(0, 200));
});
