import { describe, expect, test } from '@jest/globals';
import { testFiltersIn, testTokenOf, type TestFilter } from '../../../crds/index.ts';

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
    [`name=${long}`, undefined],
    [Array.from({ length: 33 }, (_, index) => `name=t${index}`).join(','), undefined],
  ])('%j', (text, filters) => {
    expect(testFiltersIn(text)).toEqual(filters);
  });
});

test('of a token that asks for tests only so much is told apart', () => {
  expect(testTokenOf({})).toBeUndefined();
  expect(testTokenOf({ annotations: { 'coxswain.dev/test': 'x'.repeat(300) } })).toBe('x'.repeat(256));
});
