import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOfJson } from '../../../../resources/json/digest.ts';
import { withFloat64Numbers, jsonOf, jsonStart, parseJson } from '../../../../resources/json/json-text.ts';
import { isDeeperThan } from '../../../../resources/json/json.ts';
import { changesBetween } from '../objects.ts';

describe('integers', () => {
  test.each([
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9007199254740991', 9007199254740991],
    ['1', 1],
  ])('%s keeps its digits', (text, value) => {
    expect(parseJson(`{"a":[${text}]}`)).toEqual({ a: [value] });
    expect(jsonOf(parseJson(`{"a":[${text}]}`))).toBe(`{"a":[${text}]}`);
  });

  test.each([
    ['9223372036854775808', 2 ** 63],
    ['1e300', 1e300],
    ['9007199254740993.5', 9007199254740994],
  ])('%s, which is not a 64-bit integer, is a double', (text, value) => {
    expect(parseJson(`[${text}]`)).toEqual([value]);
  });

  test('in strings stay strings', () => {
    expect(parseJson('{"__proto__":"9007199254740993"}')).toEqual(JSON.parse('{"__proto__":"9007199254740993"}'));
  });

  test('that differ in the last digit have another digest, and are a change', () => {
    const object = (size: bigint) => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec: { size } });
    const [a, b] = [object(9007199254740993n), object(9007199254740992n)];
    expect(digestOfJson(a)).not.toBe(digestOfJson(b));
    expect(changesBetween(a, b)).toEqual([
      { object: 'Thing/a', path: '/spec/size', change: 'Changed', from: '9007199254740993', to: '9007199254740992' },
    ]);
  });

  test('become doubles for templates', () => {
    expect(withFloat64Numbers({ a: [1n, { b: 9007199254740993n }], c: 'x' })).toEqual({
      a: [1, { b: 9007199254740992 }],
      c: 'x',
    });
  });
});

describe('jsonStart', () => {
  const value = { a: ['x'.repeat(20), 1, null, { '"k"': true }], b: 9007199254740993n };

  test.each([0, 1, 5, 12, 30, 50, 60, 1_000])('gives the first %i characters', (max) => {
    expect(jsonStart(value, max)).toBe(jsonOf(value).slice(0, max));
  });

  test('works for a value of any depth', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(jsonStart(deep, 10)).toBe('[[[[[[[[[[');
  });
});

describe('a value that is nested too deeply', () => {
  const nested = (levels: number, leaf: string): string => `${'{"a":'.repeat(levels)}${leaf}${'}'.repeat(levels)}`;

  test.each(['1', '"text"', '1234567890123456789', '{"b": [1234567890123456789]}'])('is cut off: %s', (leaf) => {
    const value = parseJson(nested(100_000, leaf));
    expect([isDeeperThan(value, 1_000), isDeeperThan(value, 1_100)]).toEqual([true, false]);
  });

  test('leaves what stands beside it', () => {
    const value = parseJson(`{"deep": ${'['.repeat(9_000)}${']'.repeat(9_000)}, "flat": [1, {"b": null}]}`);
    expect(value).toMatchObject({ flat: [1, { b: null }] });
  });

  test.each([
    ['brackets', '[{'.repeat(5_000)],
    ['quotes and brackets', '"[{'.repeat(5_000)],
    ['backslashes before quotes and brackets', String.raw`\\"[`.repeat(5_000)],
  ])('is not confused with a string of %s', (_what, leaf) => {
    const text = JSON.stringify({ [leaf]: [leaf, `${leaf}\\`, { a: leaf }], b: [] });
    expect(jsonOf(parseJson(text))).toBe(text);
  });

  test('is detected after any string', () => {
    const text = `["[\\"{\\\\", ${nested(1_200, '1')}]`;
    expect(isDeeperThan(parseJson(text), 1_100)).toBe(false);
  });

  test('does not include one with 1,000 levels', () => {
    const text = nested(1_000, '{"n":9007199254740993}');
    expect(jsonOf(parseJson(text))).toBe(text);
  });
});

test.each([
  [1, 0, false],
  [{}, 0, false],
  [{ a: 1 }, 0, true],
  [{ a: 1 }, 1, false],
  [[[], [1, { b: 2 }]], 2, true],
  [[[], [1, { b: 2 }]], 3, false],
])('%j is deeper than %i: %j', (value, max, expected) => {
  expect(isDeeperThan(value, max)).toBe(expected);
});

describe('the fast paths for typical texts', () => {
  const MAX_DEPTH = 1_100;
  const whole = fc.oneof(fc.bigInt(-(2n ** 70n), 2n ** 70n), fc.maxSafeInteger().map(BigInt));
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      whole.map(String),
      fc.constantFrom(
        'null',
        'true',
        '1.5',
        '12345678901234567890.5',
        '1e3',
        '"[[{{"',
        '"\\\\"',
        '"\\"[{"',
        '{}',
        '[]',
      ),
      fc.string().map((text) => JSON.stringify(text)),
      fc.array(tie('value')).map((items) => `[${items.join()}]`),
      fc
        .dictionary(fc.string(), tie('value'))
        .map((map) => Object.entries(map).map(([key, item]) => `${JSON.stringify(key)}:${item}`))
        .map((entries) => `{${entries.join()}}`),
    ),
  }));
  const levels = fc.constantFrom(0, 1, 3, MAX_DEPTH - 2, MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1);
  const nested = fc.tuple(value, levels).map(([text, depth]) => '[7,'.repeat(depth) + text + ']'.repeat(depth));

  type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
  const readWith = JSON.parse as (text: string, reviver: Reviver) => unknown;

  /** Each number by its digits, and what is too deep cut off in a walk. */
  function readWhole(text: string): unknown {
    const exact: Reviver = (_key, item, { source = '' }) => {
      if (typeof item !== 'number' || Number.isSafeInteger(item) || !/^-?\d+$/.test(source)) return item;
      return BigInt.asIntN(64, BigInt(source)) === BigInt(source) ? BigInt(source) : item;
    };
    return cut(readWith(text, exact), MAX_DEPTH);
  }

  function cut(item: unknown, levels: number): unknown {
    if (typeof item !== 'object' || item === null) return item;
    if (levels === 0) return null;
    if (Array.isArray(item)) return item.map((each) => cut(each, levels - 1));
    return Object.fromEntries(Object.entries(item).map(([key, each]) => [key, cut(each, levels - 1)]));
  }

  test('read the same as the full way', () => {
    fc.assert(
      fc.property(nested, (text) => {
        expect(parseJson(text)).toEqual(readWhole(text));
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
