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

test('selectors take up the memory share of their namespace, and release it', () => {
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

test('those of one Release are limited to 256 Ki characters', () => {
  const selectors = new Selectors(new Budget({ total: Infinity, namespace: Infinity }));
  const many = Array.from({ length: 300 }, () => selector('x'.repeat(1_000)));
  expect(() => selectors.set(KEY, many)).toThrow('may have 256 Ki characters together');
  selectors.set(KEY, many.slice(0, 200));
});

test('a pod is compared only with selectors that require one of its labels, chosen by the most distinctive one', () => {
  const selectors = new Selectors(new Budget({ total: Infinity, namespace: Infinity }));
  let looks = 0;
  const counted = (matchLabels: Record<string, string>): Selector => ({
    namespace: 'shop',
    matchLabels,
    get matchExpressions() {
      looks += 1;
      return [];
    },
  });
  const many = Array.from({ length: 1_000 }, (_, at) => counted({ part: 'all', app: `a${at}` }));
  selectors.set(KEY, [...many, ...many.slice(0, 500), { ...selector('z'), matchExpressions: [] }]);
  looks = 0;
  expect(
    selectors.select(KEY, {
      ...pod('a7'),
      metadata: { name: 'a', namespace: 'shop', labels: { part: 'all', app: 'a7' } },
    }),
  ).toBe(true);
  expect(selectors.select(KEY, pod('b'))).toBe(false);
  expect(selectors.select(KEY, pod('z'))).toBe(true);
  expect(looks).toBeLessThan(5);
});

test('selectors with expressions only are evaluated as well', () => {
  const selectors = new Selectors(new Budget({ total: Infinity, namespace: Infinity }));
  const exists = { namespace: 'shop', matchLabels: {}, matchExpressions: [{ key: 'app', operator: 'Exists' }] };
  selectors.set(KEY, [selector('a'), exists]);
  expect(selectors.select(KEY, pod('b'))).toBe(true);
});

test('what a pod has beside the labels that selectors ask for is not read', () => {
  const selectors = new Selectors(new Budget({ total: Infinity, namespace: Infinity }));
  let reads = 0;
  const names = Array.from({ length: 1_000 }, (_, at) => [`other${at}`, 'x']);
  const labels = new Proxy<Record<string, string>>(Object.fromEntries([...names, ['app', 'a']]), {
    get: (held, name: string) => {
      reads += 1;
      return held[name];
    },
  });
  const many: KubeObject = { ...pod('a'), metadata: { name: 'a', namespace: 'shop', labels } };
  const keys = Array.from({ length: 100 }, (_, at) => `shop/web-${at}`);
  for (const [at, key] of keys.entries()) selectors.set(key, [selector(at === 7 ? 'a' : 'b')]);
  expect(keys.filter((key) => selectors.select(key, many))).toEqual(['shop/web-7']);
  expect(reads).toBeLessThan(300);
});
