import { expect, test } from '@jest/globals';
import type { Json } from '../../../../golang/json/index.ts';
import { compileSchema } from '../../../../golang/jsonschema/index.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

/** Recorded from Helm 3.22. */
test.each<[what: string, schema: Json, value: Json, problems: string | undefined]>([
  ['a value that fits', { type: 'object' }, {}, undefined],
  ['types in their own order', { type: ['string', 'null'] }, 1, "- at '': got number, want null or string"],
  [
    'places with slashes',
    { properties: { 'a/b': { type: 'string' } } },
    { 'a/b': 1 },
    "- at '/a~1b': got number, want string",
  ],
  [
    'what is nested',
    { allOf: [{ anyOf: [{ type: 'string' }, { required: ['q'] }] }] },
    {},
    "- at '': 'allOf' failed\n  - at '': 'anyOf' failed\n    - at '': got object, want string\n    - at '': missing property 'q'",
  ],
  [
    'a reference with one problem',
    { $defs: { x: { minLength: 3 } }, properties: { a: { $ref: '#/$defs/x' } } },
    { a: 'y' },
    "- at '/a': minLength: got 1, want 3",
  ],
  [
    'a reference with two',
    { $defs: { x: { minLength: 3, pattern: '^z' } }, properties: { a: { $ref: '#/$defs/x' } } },
    { a: 'y' },
    "- at '/a': validation failed\n  - at '/a': minLength: got 1, want 3\n  - at '/a': 'y' does not match pattern '^z'",
  ],
  [
    'a reference to itself',
    { properties: { a: { $ref: '#/properties/a' } } },
    { a: 1 },
    '- at \'/a\': both /properties/a/$ref and /properties/a resolve to "file:///values.schema.json#/properties/a" causing reference cycle',
  ],
  [
    'a format of draft 7',
    { $schema: 'http://json-schema.org/draft-07/schema#', format: 'email' },
    'x',
    "- at '': 'x' is not valid email: missing @",
  ],
  ['thousands', { maximum: 1234.5 }, 123456.25, "- at '': maximum: got 123,456.25, want 1,234.5"],
  ['millions', { maximum: 1_000_000 }, 2 ** 53, "- at '': maximum: got 9.007199254740992×10¹⁵, want 1×10⁰⁶"],
  ['tiny numbers', { exclusiveMinimum: 1e-7 }, -1.5e-300, "- at '': exclusiveMinimum: got -1.5×10⁻³⁰⁰, want 1×10⁻⁰⁷"],
  ['a negative zero', { minimum: 1 }, -0, "- at '': minimum: got 0, want 1"],
  ['a format since', { format: 'email' }, 'x', undefined],
  ['a URN', { $ref: 'urn:any:thing' }, 1, undefined],
])('%s', (_what, schema, value, problems) => {
  expect(compileSchema(schema)(value)).toBe(problems);
});

/** Recorded from Helm 3.22, but for what it would fetch. */
test.each<[what: string, schema: Json, message: string]>([
  [
    'an invalid type',
    { properties: { a: { minLength: 'x' } } },
    "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n  - at '/properties/a': 'allOf' failed\n    - at '/properties/a/minLength': got string, want integer",
  ],
  ['a pointer to nothing', { $ref: '#/nope' }, 'json-pointer in "file:///values.schema.json#/nope" not found'],
  [
    'another file',
    { $ref: 'other.json' },
    'failing loading "file:///other.json": open /other.json: no such file or directory',
  ],
  [
    'an address',
    { $ref: 'https://127.0.0.1/x' },
    'failing loading "https://127.0.0.1/x": schemas are not fetched: put it into this one, below "$defs"',
  ],
  [
    'a name beside an address of its own',
    { $id: 'https://127.0.0.1/x', $ref: 'y' },
    'failing loading "https://127.0.0.1/y": schemas are not fetched: put it into this one, below "$defs"',
  ],
  [
    'a dialect at an address',
    { $schema: 'http://127.0.0.1/x' },
    'failing loading "http://127.0.0.1/x": schemas are not fetched: declare a draft of json-schema.org, or none',
  ],
])('%s is refused', (_what, schema, message) => {
  expect(() => compileSchema(schema)).toThrow(message);
});

test('lists that name each other a thousand times over are checked in time', () => {
  const schema = { $defs: { t: { items: { $ref: '#/$defs/t' }, maxItems: 2 } }, $ref: '#/$defs/t' };
  const start = cpuMs();
  expect(compileSchema(schema)(Array.from({ length: 2 }, () => Array<Json>(20_000).fill([])))).toContain(
    'maxItems: got 20,000',
  );
  expect(cpuMs() - start).toBeLessThan(4000);
});
