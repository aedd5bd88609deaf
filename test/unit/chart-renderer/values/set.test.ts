import { describe, expect, test } from '@jest/globals';
import { type JsonObject, mergeValues, setPath, setValues } from '../../../../chart-renderer/index.ts';

describe('setPath', () => {
  test.each<[string, JsonObject]>([
    ['a', { a: 'v' }],
    ['a.b.c', { a: { b: { c: 'v' } } }],
    ['a[1].b', { a: [null, { b: 'v' }] }],
    ['a[0][1]', { a: [[null, 'v']] }],
    ['a\\.b', { 'a.b': 'v' }],
    ['a.b\\[0]', { a: { 'b[0]': 'v' } }],
  ])('%s', (path, expected) => {
    expect(setPath({}, path, 'v')).toEqual(expected);
  });

  test('keeps neighbouring values, and changes nothing in place', () => {
    const values = { a: { b: 1, list: [1, 2] } };
    expect(setPath(values, 'a.list[1]', 3)).toEqual({ a: { b: 1, list: [1, 3] } });
    expect(values).toEqual({ a: { b: 1, list: [1, 2] } });
  });

  test.each(['__proto__', '__proto__.polluted', 'a.__proto__.polluted', 'constructor.prototype.polluted'])(
    '%s pollutes no prototype',
    (path) => {
      setPath({ a: {} }, path, 'yes');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(Object.getPrototypeOf(setPath({}, path, 'yes'))).toBe(Object.prototype);
    },
  );

  test.each([
    '',
    '[0]',
    'a..b',
    'a[',
    'a[x]',
    'a[-1]',
    'a[65537]',
    'a]b[0',
    'a\\',
    'a'.repeat(3).split('').join('.'.repeat(2)),
    Array(32).fill('a').join('.'),
  ])('%j is refused', (path) => {
    if (path === 'a]b[0') return expect(() => setPath({}, path, 1)).toThrow('does not parse');
    expect(() => setPath({}, path, 1)).toThrow(expect.objectContaining({ code: 'InvalidValues' }));
  });

  test('a value that is in the way is not replaced', () => {
    expect(() => setPath({ a: 'text' }, 'a.b', 1)).toThrow('not a table');
    expect(() => setPath({ a: {} }, 'a[0]', 1)).toThrow('not a list');
  });
});

describe('setValues', () => {
  test.each<[string, JsonObject]>([
    ['a=1,b=text', { a: 1, b: 'text' }],
    ['a=true,b=FALSE,c=null', { a: true, b: false, c: null }],
    ['a=007,b=0,c=-5', { a: '007', b: 0, c: -5 }],
    ['a={x,1,true}', { a: ['x', 1, true] }],
    ['a={x},b=2', { a: ['x'], b: 2 }],
    ['a=x\\,y', { a: 'x,y' }],
    ['a=', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
  ])('%s', (text, expected) => {
    expect(setValues({}, text)).toEqual(expected);
  });

  test('as text and as JSON', () => {
    expect(setValues({}, 'a=1', 'text')).toEqual({ a: '1' });
    expect(setValues({}, 'a={"b":[1,2]}', 'json')).toEqual({ a: { b: [1, 2] } });
  });

  test.each(['a', 'a,b=1', 'a={x'])('%s is refused', (text) => {
    expect(() => setValues({}, text)).toThrow(expect.objectContaining({ code: 'InvalidValues' }));
  });
});

test('mergeValues merges tables and replaces everything else', () => {
  const below = { a: { x: 1, y: 2 }, list: [1, 2], gone: 1 };
  expect(mergeValues(below, { a: { y: 3 }, list: [3], gone: null })).toEqual({
    a: { x: 1, y: 3 },
    list: [3],
    gone: null,
  });
  const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject;
  mergeValues({}, hostile, hostile);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
