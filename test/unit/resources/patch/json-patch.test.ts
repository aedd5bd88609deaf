import { describe, expect, test } from '@jest/globals';
import { jsonPatched } from '../../../../resources/index.ts';

const DOCUMENT = { spec: { replicas: 2, args: ['a', 'b'], 'a/b': { big: 9_007_199_254_740_993n } } };

describe('jsonPatched', () => {
  test.each([
    ['add to a map', [{ op: 'add', path: '/spec/paused', value: true }], { ...DOCUMENT.spec, paused: true }],
    ['add to a list', [{ op: 'add', path: '/spec/args/1', value: 'x' }], { ...DOCUMENT.spec, args: ['a', 'x', 'b'] }],
    ['add at its end', [{ op: 'add', path: '/spec/args/-', value: 'x' }], { ...DOCUMENT.spec, args: ['a', 'b', 'x'] }],
    ['remove', [{ op: 'remove', path: '/spec/args/0' }], { ...DOCUMENT.spec, args: ['b'] }],
    ['replace', [{ op: 'replace', path: '/spec/replicas', value: null }], { ...DOCUMENT.spec, replicas: null }],
    ['a passed test', [{ op: 'test', path: '/spec/a~1b/big', value: 9_007_199_254_740_993n }], DOCUMENT.spec],
    [
      'copy a large number',
      [{ op: 'copy', from: '/spec/a~1b', path: '/spec/c' }],
      { ...DOCUMENT.spec, c: DOCUMENT.spec['a/b'] },
    ],
    ['move', [{ op: 'move', from: '/spec/args/0', path: '/spec/args/1' }], { ...DOCUMENT.spec, args: ['b', 'a'] }],
  ])('applies: %s', (_what, operations, spec) => {
    expect(jsonPatched(DOCUMENT, operations)).toEqual({ spec });
  });

  test.each([
    [
      'a failed test',
      { op: 'test', path: '/spec/replicas', value: 3 },
      /operation 2 of 2 \(test \/spec\/replicas\): the value is a different one/,
    ],
    ['removing a missing field', { op: 'remove', path: '/spec/none' }, /nothing at this path/],
    ['replacing a missing field', { op: 'replace', path: '/none/x', value: 1 }, /nothing at this path/],
    ['adding below a missing field', { op: 'add', path: '/none/x', value: 1 }, /add the map or the list first/],
    ['adding below a text', { op: 'add', path: '/spec/args/0/x', value: 1 }, /leads nowhere|nothing/],
    ['a place beyond the end', { op: 'add', path: '/spec/args/9', value: 1 }, /the list is shorter/],
    ['an index that is not a number', { op: 'add', path: '/spec/args/x', value: 1 }, /is a number/],
    ['moving into itself', { op: 'move', from: '/spec', path: '/spec/x' }, /into itself/],
    ['copying a missing field', { op: 'copy', from: '/spec/none', path: '/spec/x' }, /nothing at its from/],
    ['an unknown operation', { op: '_get', path: '/spec' }, /not one of add, remove/],
    ['one of every object', { op: 'constructor', path: '/spec' }, /not one of add, remove/],
    ['the prototype of all objects', { op: 'add', path: '/__proto__/x', value: 1 }, /leads nowhere/],
    ['no value', { op: 'add', path: '/spec/x' }, /no value/],
    ['no from', { op: 'copy', path: '/spec/x' }, /no from/],
    ['no path', { op: 'remove' }, /no path/],
    ['a path without a slash', { op: 'remove', path: 'spec' }, /begin with a slash/],
    ['no map', 'remove', /not a map/],
  ])('refuses %s, and names the operation', (_what, operation, message) => {
    const first = { op: 'add', path: '/spec/first', value: 1 };
    expect(() => jsonPatched(DOCUMENT, [first, operation])).toThrow(message);
    expect(() => jsonPatched(DOCUMENT, [first, operation])).toThrow(/^operation 2 of 2/);
  });

  test('modifies neither the document nor the patch, whatever follows', () => {
    const value = { list: [1] };
    const before = structuredClone(DOCUMENT);
    const once = jsonPatched(DOCUMENT, [
      { op: 'add', path: '/spec/new', value },
      { op: 'add', path: '/spec/new/list/-', value: 2 },
    ]);
    expect(once).toMatchObject({ spec: { new: { list: [1, 2] } } });
    expect(value).toEqual({ list: [1] });
    expect(DOCUMENT).toEqual(before);
  });

  test('does not let copies of copies grow without bound', () => {
    const doubling = Array.from({ length: 40 }, (_, at) => ({ op: 'copy', from: '/spec', path: `/spec/x${at}` }));
    expect(() => jsonPatched(DOCUMENT, doubling)).toThrow(/too large/);
  });
});
