import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { caseOf } from '../rendering/cases.ts';
import { type Oracle, startOracles } from '../rendering/oracle.ts';
import { renderOurs } from '../rendering/ours.ts';
import { inOneOrder } from '../comparison/random-order.ts';

let oracles: readonly Oracle[];
let chart: string;

beforeAll(async () => {
  oracles = await startOracles();
  chart = await mkdtemp(join(tmpdir(), 'schema-'));
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 1.0.0\n');
}, 600_000);

afterAll(async () => {
  await Promise.all(oracles.map((oracle) => oracle.stop()));
  await rm(chart, { recursive: true });
});

const DIALECTS = [
  undefined,
  'http://json-schema.org/draft-04/schema#',
  'http://json-schema.org/draft-06/schema#',
  'http://json-schema.org/draft-07/schema#',
  'https://json-schema.org/draft/2019-09/schema',
  'https://json-schema.org/draft/2020-12/schema',
];

const VALUES = [
  'a: 1',
  'a: x',
  'a: [1, 2, 2]',
  'a: {b: 1, c: x}',
  'a: null',
  'b: 1',
  'a: 9007199254740993',
  'a: -1.5e-7',
  'a: foo@bar',
  'a: [x, 1, {c: 1}]\nb: 2',
];

const TEXT = { type: 'string' };

/** Schemas of the value `a`. */
const OF_A = [
  { type: ['string', 'null', 'integer'] },
  { enum: ['x', 1, null, true] },
  { enum: [{ a: 1 }] },
  { const: 5 },
  { minimum: 3, maximum: 1_000_000 },
  { minimum: 12_345.5, maximum: -1_000_000 },
  { minimum: 1e21, multipleOf: 1e-7 },
  { minimum: 1, exclusiveMinimum: true },
  { exclusiveMinimum: 1 },
  { multipleOf: 0.1 },
  { minLength: 2, maxLength: 2, pattern: '^z' },
  { format: 'email' },
  { format: 'date' },
  { format: 'uri' },
  { minItems: 4, uniqueItems: true },
  { items: [TEXT], additionalItems: false },
  { prefixItems: [TEXT], items: false },
  { contains: { type: 'object' } },
  { contains: { type: 'boolean' }, minContains: 2 },
  { minProperties: 3, required: ['z', 'y'] },
  { patternProperties: { '^b': TEXT }, additionalProperties: false },
  { propertyNames: { pattern: '^b' } },
  { allOf: [TEXT, { minLength: 5 }] },
  { anyOf: [TEXT, { type: 'object', required: ['q'] }] },
  { oneOf: [TEXT, { minLength: 1 }] },
  { not: TEXT },
  { anyOf: [{ allOf: [TEXT, { minLength: 9 }] }, { type: 'boolean' }] },
  false,
  { type: 'strin' },
  { minLength: 'x' },
  { pattern: '(' },
  { $ref: '#/nope' },
  { $ref: 'other.json' },
  { $ref: 'urn:x:y' },
  { $ref: '#/properties/a' },
  { $ref: 'http://json-schema.org/draft-07/schema#' },
];

const WHOLE = [
  { dependencies: { a: ['q'] } },
  { dependencies: { a: { required: ['q'] } } },
  { dependentRequired: { a: ['q'] } },
  { dependentSchemas: { a: { required: ['q', 'r'] } } },
  {
    definitions: { x: { type: 'string', minLength: 5 } },
    properties: { a: { $ref: '#/definitions/x', maxLength: 1 } },
  },
  { $defs: { x: { allOf: [TEXT, { minLength: 50 }] } }, properties: { a: { $ref: '#/$defs/x' } } },
  { $ref: '#/definitions/q', definitions: { q: { required: ['z'] } } },
  { allOf: [{ properties: { a: { type: 'integer' } } }], unevaluatedProperties: false },
  { $id: 'http://example.com/x', definitions: { q: TEXT }, properties: { a: { $ref: '#/definitions/q' } } },
  { definitions: { q: { $id: '#foo', $anchor: 'foo', type: 'boolean' } }, properties: { a: { $ref: '#foo' } } },
  { $recursiveAnchor: true, properties: { a: { $recursiveRef: '#' } }, type: 'object' },
  { $dynamicAnchor: 'n', properties: { a: { $dynamicRef: '#n' } }, type: 'object' },
  { properties: { a: { $ref: '#' } }, type: 'object' },
  { required: 'a' },
  { properties: [] },
  { $schema: 5 },
];

/** As text, for an object with a `then` is taken for a promise. */
const CONDITIONS = [
  '{"if": {"required": ["b"]}, "then": {"required": ["c"]}, "else": {"required": ["d"]}}',
  '{"allOf": [{"if": {"properties": {"a": {"type": "integer"}}}, "then": {"required": ["q", "w"]}}]}',
].map((text) => JSON.parse(text) as object);

const SCHEMAS = [...OF_A.map((a) => ({ properties: { a } })), ...WHOLE, ...CONDITIONS];

async function compare(schema: string, valuesText: string): Promise<void> {
  await writeFile(join(chart, 'values.schema.json'), schema);
  const asked = caseOf({ path: chart, extras: [] }, valuesText, schema);
  for (const oracle of oracles) {
    const [helm, ours] = [await oracle.render(asked), await renderOurs(asked, oracle.helmVersion)];
    const error = inOneOrder(helm.error ?? 'none');
    expect({ schema, valuesText, error: inOneOrder(ours.error ?? 'none') }).toEqual({ schema, valuesText, error });
  }
}

test.each(DIALECTS)(
  'schemas of the dialect %s accept or reject values as in Helm, in its words',
  async ($schema) => {
    const values = VALUES.filter((_value, i) => $schema === undefined || i % 2 === DIALECTS.indexOf($schema) % 2);
    for (const schema of SCHEMAS) {
      for (const each of values) await compare(JSON.stringify({ ...($schema && { $schema }), ...schema }), each);
    }
  },
  120_000,
);

test.each(['', '{', '[', '{}x', 'nul', '{"a":}', '5', '"x"', '[]', 'null', 'true', 'false'])(
  'the schema %s is refused or accepted as in Helm',
  async (schema) => {
    await compare(schema, 'a: 1');
  },
);
