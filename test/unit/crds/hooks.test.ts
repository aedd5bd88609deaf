import { describe, expect, test } from '@jest/globals';
import { reconcileTokenOf, testFiltersIn, testTokenOf, type TestFilter } from '../../../crds/index.ts';

describe('the filters of tests', () => {
  const long = 'n'.repeat(254);
  test.each<[string, TestFilter[] | undefined]>([
    ['name=smoke', [{ name: 'smoke' }]],
    ['!name=slow', [{ name: 'slow', exclude: true }]],
    [' name=a , !name=b ', [{ name: 'a' }, { name: 'b', exclude: true }]],
    ['', undefined],
    ['name=', undefined],
    ['name=a,', undefined],
    ['label=a', undefined],
    ['name=a=b', undefined],
    ['name=a b', undefined],
    ['name=a\u007f', undefined],
    [`name=${long}`, undefined],
    [Array.from({ length: 33 }, (_, index) => `name=t${index}`).join(','), undefined],
  ])('%j', (text, filters) => {
    expect(testFiltersIn(text)).toEqual(filters);
  });
});

test('a token that asks for tests counts only up to a length', () => {
  expect(testTokenOf({})).toBeUndefined();
  expect(testTokenOf({ annotations: { 'coxswain.dev/test': 'x'.repeat(300) } })).toBe('x'.repeat(256));
});

test('a token is cut to what a status can repeat, or it would never be answered', () => {
  const asked = (token: string): string | undefined => testTokenOf({ annotations: { 'coxswain.dev/test': token } });
  const half = 'x'.repeat(255);
  expect(asked(`${half}\u{1F600}`)).toBe(`${half}\uFFFD`);
  expect(asked('a\u007fb\u0085c\nd')).toBe('a\uFFFDb\uFFFDc\nd');
  expect(reconcileTokenOf({ annotations: { 'coxswain.dev/reconcile': `${half}\u{1F600}` } })).toBe(`${half}\uFFFD`);
});
