import { describe, expect, test } from '@jest/globals';
import { isAffected, narrowingsOf } from '../../../../resources/definitions/schema-narrowing.ts';
import type { JsonMap } from '../../../../resources/json/json.ts';

const text = { type: 'string' };
const map = (properties: JsonMap, more: JsonMap = {}): JsonMap => ({ type: 'object', properties, ...more });
const preserving = { 'x-kubernetes-preserve-unknown-fields': true };
const intOrString = { 'x-kubernetes-int-or-string': true };

function placesOf(before: unknown, after: unknown): string[] {
  return [...narrowingsOf(before, after)].map(({ place }) => place.join('.'));
}

describe('is narrower', () => {
  test.each<[string, JsonMap, JsonMap, string[]]>([
    ['a field is gone', map({ a: text, b: text }), map({ a: text }), ['b']],
    ['a field is gone, deep down', map({ a: map({ b: text }) }), map({ a: map({}) }), ['a.b']],
    [
      'a field of items',
      map({ a: { type: 'array', items: map({ b: text }) } }),
      map({ a: { type: 'array', items: map({}) } }),
      ['a.*.b'],
    ],
    ['another type', text, { type: 'integer' }, ['']],
    ['a type where there was none', { ...preserving }, map({}), ['', '*']],
    ['no strings any more', { ...intOrString }, { type: 'integer' }, ['']],
    ['whole numbers only', { type: 'number' }, { type: 'integer' }, ['']],
    ['no null any more', { ...text, nullable: true }, text, ['']],
    ['values', text, { ...text, enum: ['a'] }, ['']],
    ['fewer values', { ...text, enum: ['a', 'b'] }, { ...text, enum: ['a', 'c'] }, ['']],
    ['a required field', map({ a: text }), map({ a: text }, { required: ['a'] }), ['a']],
    ['a pattern', text, { ...text, pattern: '^a' }, ['']],
    ['another format', { ...text, format: 'date' }, { ...text, format: 'uuid' }, ['']],
    ['a smaller maximum', { type: 'integer', maximum: 5 }, { type: 'integer', maximum: 4 }, ['']],
    ['a minimum', { type: 'array', items: text }, { type: 'array', items: text, minItems: 1 }, ['']],
    [
      'an excluded limit',
      { type: 'integer', minimum: 1 },
      { type: 'integer', minimum: 1, exclusiveMinimum: true },
      [''],
    ],
    ['a new rule', map({}), map({}, { 'x-kubernetes-validations': [{ rule: 'has(self.a)' }] }), ['']],
    ['a combination', map({}), map({}, { anyOf: [{ required: ['a'] }] }), ['']],
    ['no unknown fields', map({}, preserving), map({}), ['*']],
    ['a type for an unknown field', map({}, preserving), map({ a: map({}) }, preserving), ['a']],
    ['a type for a key', { type: 'object', additionalProperties: text }, map({ a: intOrString }), ['*']],
    [
      'a narrower type for a key',
      { type: 'object', additionalProperties: text },
      map({ a: { ...text, maxLength: 1 } }, { additionalProperties: text }),
      ['a'],
    ],
    ['no other keys', { type: 'object', additionalProperties: text }, map({ a: text }), ['*']],
    [
      'narrower values of keys',
      { type: 'object', additionalProperties: text },
      { type: 'object', additionalProperties: { ...text, enum: [] } },
      ['*'],
    ],
    [
      'a list as a set',
      { type: 'array', items: text },
      { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      [''],
    ],
  ])('%s', (_title, before, after, places) => {
    expect(placesOf(before, after)).toEqual(places);
  });
});

describe('is not narrower', () => {
  test.each<[string, JsonMap, JsonMap]>([
    ['what every object has', map({ metadata: map({}), kind: text }), map({})],
    ['the same', map({ a: text }, { required: ['a'] }), map({ a: text }, { required: ['a'] })],
    ['a new field', map({}), map({ a: text })],
    ['a description and a default', text, { ...text, description: 'x', default: 'y' }],
    ['more values', { ...text, enum: ['a'] }, { ...text, enum: ['b', 'a'] }],
    ['no values', { ...text, enum: ['a'] }, text],
    ['a required field with a default', map({ a: text }), map({ a: { ...text, default: 'x' } }, { required: ['a'] })],
    ['a field that is no longer required', map({ a: text }, { required: ['a'] }), map({ a: text })],
    ['any number', { type: 'integer' }, { type: 'number' }],
    ['whole numbers or strings', { type: 'integer' }, { ...intOrString }],
    ['anything', map({ a: text }), { ...preserving }],
    ['unknown fields in place of a field', map({ a: text }), map({}, preserving)],
    ['keys in place of a field', map({ a: text }), { type: 'object', additionalProperties: text }],
    ['a larger maximum', { type: 'integer', maximum: 5 }, { type: 'integer', maximum: 6 }],
    [
      'a rule less',
      map({}, { 'x-kubernetes-validations': [{ rule: 'a' }, { rule: 'b' }] }),
      map({}, { 'x-kubernetes-validations': [{ rule: 'b', message: 'c' }] }),
    ],
    [
      'a list as it was by default',
      { type: 'array', items: text },
      { type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' },
    ],
  ])('%s', (_title, before, after) => {
    expect(placesOf(before, after)).toEqual([]);
  });
});

test('a schema that is nested too deeply to be compared counts as narrower', () => {
  let deep: JsonMap = text;
  for (let depth = 0; depth < 200; depth += 1) deep = map({ a: deep });
  expect(placesOf(deep, deep)).toHaveLength(1);
});

describe('affects', () => {
  const object = { spec: { a: 1, list: [{ b: 2 }, { c: 3 }], empty: {} } };

  test.each<['present' | 'absent', string, boolean]>([
    ['present', '', true],
    ['present', 'spec.a', true],
    ['present', 'spec.b', false],
    ['present', 'spec.list.*.c', true],
    ['present', 'spec.list.*.d', false],
    ['present', 'spec.empty.*', false],
    ['present', 'status.a', false],
    ['absent', 'spec.a', false],
    ['absent', 'spec.b', true],
    ['absent', 'spec.list.*.b', true],
    ['absent', 'status.a', false],
  ])('what is %s at %j: %s', (affects, place, expected) => {
    const keys = place === '' ? [] : place.split('.');
    expect(isAffected(object, { place: keys, how: '', affects })).toBe(expected);
  });
});
