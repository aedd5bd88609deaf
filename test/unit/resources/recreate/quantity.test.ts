import { expect, test } from '@jest/globals';
import { quantityOf } from '../../../../resources/recreate/quantity.ts';

test.each([
  ['1Gi', '1024Mi'],
  ['1.5Gi', '1536Mi'],
  ['1e3', '1k'],
  ['1E3', 1_000],
  ['1000m', '1'],
  ['0.5', '500m'],
  ['1Ei', '1048576Ti'],
  ['00.10', '0.1'],
])('%s equals %s', (a, b) => {
  expect(quantityOf(a)).toBe(quantityOf(b));
  expect(quantityOf(a)).toBeDefined();
});

test.each([
  ['1G', '1Gi'],
  ['1Gi', '1.000000001Gi'],
  ['999M', '1G'],
  ['1e-99', '1n'],
])('%s is less than %s', (less, more) => {
  expect(Number((quantityOf(less) ?? 0n) < (quantityOf(more) ?? 0n))).toBe(1);
});

test.each(['', 'Gi', '-1', '1 Gi', '1Xi', '1e999', '9'.repeat(60), null, undefined, {}])(
  '%p is not a quantity',
  (value) => {
    expect(quantityOf(value)).toBeUndefined();
  },
);
