import { expect, test } from '@jest/globals';
import { withoutUndefined } from '../../../../resources/json/without-undefined.ts';

test.each([
  [{ a: 1, b: undefined }, { a: 1 }],
  [
    { a: null, b: 0, c: '', d: false, e: [] },
    { a: null, b: 0, c: '', d: false, e: [] },
  ],
  [{ a: { b: undefined } }, { a: { b: undefined } }],
  [{}, {}],
])('%j becomes %j', (given, expected) => {
  expect(withoutUndefined(given)).toStrictEqual(expected);
});

test('leaves its input unchanged', () => {
  const given = { a: undefined };
  withoutUndefined(given);
  expect(Object.keys(given)).toEqual(['a']);
});
