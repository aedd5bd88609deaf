import { expect, test } from '@jest/globals';
import { memoized } from '../../../../golang/memo/memoized.ts';

/** A function that tells what it was called with. */
function counted(): { readonly calls: string[]; readonly make: (text: string) => { readonly text: string } } {
  const calls: string[] = [];
  return { calls, make: memoized((text) => ({ text: calls.push(text) > 0 ? text : '' })) };
}

test('a result for a text is reused', () => {
  const { calls, make } = counted();
  expect(make('a')).toBe(make('a'));
  expect(make('b')).toEqual({ text: 'b' });
  expect(calls).toEqual(['a', 'b']);
});

test('results for long texts are not kept', () => {
  const { calls, make } = counted();
  const text = 'a'.repeat(1001);
  expect(make(text)).toEqual(make(text));
  expect(calls).toHaveLength(2);
});

test('only a limited number of results is kept', () => {
  const { calls, make } = counted();
  for (let i = 0; i <= 512; i++) make(String(i));
  make('0');
  expect(calls).toHaveLength(514);
});

test('an error is thrown again each time', () => {
  let calls = 0;
  const make = memoized((text) => {
    calls++;
    throw new Error(text);
  });
  expect(() => make('a')).toThrow('a');
  expect(() => make('a')).toThrow('a');
  expect(calls).toBe(2);
});

test('the total size of the kept results is limited', () => {
  const calls: string[] = [];
  const make = memoized(
    (text) => ({ size: Number(text), call: calls.push(text) }),
    ({ size }) => size,
  );
  for (const text of ['60000', '40000', '60000', '1', '60000', '100001', '100001']) make(text);
  expect(calls).toEqual(['60000', '40000', '1', '60000', '100001', '100001']);
});
