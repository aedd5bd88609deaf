import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { fastCheckOf } from '../../../../chart-renderer/values/fast-schema.ts';
import type { Json, JsonObject } from '../../../../golang/json/index.ts';
import { fromJson } from '../../../../golang/reflect/index.ts';

const NAMES = ['a', 'b', '__proto__', 'toString'];
const TYPES = ['null', 'boolean', 'string', 'number', 'integer', 'array', 'object'];

const name = fc.constantFrom(...NAMES.slice(0, 2));
const { value } = fc.letrec<{ value: Json; single: Json }>((tie) => ({
  single: fc.oneof(fc.constantFrom(null, true, false, 0, 1, 1.5, -3, '', 'a', 'ab'), fc.string({ maxLength: 2 })),
  value: fc.oneof(
    { depthSize: 'small' },
    tie('single'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value')),
  ),
}));
const { schema } = fc.letrec<{ schema: Json }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.boolean(),
    fc.record(
      {
        type: fc.oneof(fc.constantFrom(...TYPES), fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1 })),
        enum: fc.uniqueArray(fc.constantFrom<Json>(null, true, 0, 1.5, 'a'), { minLength: 1 }),
        const: fc.constantFrom<Json>(null, false, 1, 'ab'),
        minimum: fc.integer({ min: -2, max: 2 }),
        maximum: fc.integer({ min: -2, max: 2 }),
        pattern: fc.constantFrom('^a', 'b$', '.'),
        required: fc.uniqueArray(name, { minLength: 1 }),
        properties: fc.dictionary(name, tie('schema')),
        additionalProperties: tie('schema'),
        items: tie('schema'),
        allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        $ref: fc.constantFrom('#/$defs/text', '#/$defs/tree'),
        title: fc.constant('said for people'),
        form: fc.constant({ type: 7 }),
      },
      { requiredKeys: [] },
    ),
  ) as fc.Arbitrary<Json>,
}));

const DEFINITIONS = {
  text: { type: 'string' },
  tree: { type: ['object', 'null'], additionalProperties: { $ref: '#/$defs/tree' } },
};

test('simple schemas accept exactly what Ajv accepts', () => {
  const ajv = new Ajv2020({ strict: false, logger: false, addUsedSchema: false, ownProperties: true });
  fc.assert(
    fc.property(fc.dictionary(name, schema), value, (properties, data) => {
      const root = { properties, items: { anyOf: [{ $ref: '#/$defs/text' }, properties['a'] ?? true] } };
      const whole = { ...root, $defs: DEFINITIONS } as unknown as JsonObject;
      expect(fastCheckOf(whole)?.(fromJson(data))).toBe(ajv.compile(whole)(data));
    }),
    { numRuns: 100 },
  );
});

describe('schemas that need a full validator are left to it', () => {
  test.each<[string, JsonObject]>([
    ['another keyword', { properties: { a: { minLength: 1 } } }],
    ['a keyword in a part that no values reach', { $defs: { a: { not: {} } } }],
    ['a keyword that is not well-formed', { properties: { a: { type: 'text' } } }],
    ['a description that is not text', { description: 7 }],
    ['a list of types with one twice', { type: ['string', 'string'] }],
    ['properties that are no schemas', { properties: { a: 'string' } }],
    ['lists among the choices', { enum: [['a']] }],
    ['a pattern that RE2 does not know', { pattern: '(?=a)' }],
    ['a reference to nothing', { $ref: '#/$defs/a' }],
    ['a reference to a file', { $ref: 'other.json' }],
    ['a reference to a URL', { $ref: 'https://example.com/schema.json' }],
    ['an identity inside', { properties: { a: { $id: 'https://example.com/a' } } }],
    ['a relative identity', { $id: 'values.json' }],
  ])('%s', (_what, given) => {
    expect(fastCheckOf(given)).toBeUndefined();
  });
});

test.each(NAMES)('the property %s counts only as a value’s own', (key) => {
  const check = fastCheckOf({ required: [key], properties: Object.fromEntries([[key, { type: 'string' }]]) });
  expect(check?.(new Map())).toBe(false);
  expect(check?.(new Map([[key, 'text']]))).toBe(true);
  expect(check?.(new Map([[key, 1]]))).toBe(false);
});

test('annotations have no effect', () => {
  const check = fastCheckOf({ $id: 'https://example.com/values', default: 1, form: true, title: 'a', type: 'object' });
  expect(check?.(new Map())).toBe(true);
  expect(check?.('text')).toBe(false);
});
