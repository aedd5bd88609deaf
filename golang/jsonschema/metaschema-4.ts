import type { JsonObject } from '../json/index.ts';

const SELF = { $ref: '#' };
const TEXT = { type: 'string' };
const FLAG = { type: 'boolean', default: false };
const COUNT = { $ref: '#/definitions/positiveInteger' };
const COUNT_OR_0 = { $ref: '#/definitions/positiveIntegerDefault0' };
const SCHEMAS = { $ref: '#/definitions/schemaArray' };
const SCHEMAS_BY_NAME = { type: 'object', additionalProperties: SELF, default: {} };
const SCHEMA_OR_FLAG = { anyOf: [{ type: 'boolean' }, SELF], default: {} };
const SIMPLE_TYPE = { $ref: '#/definitions/simpleTypes' };

/** The metaschema of draft 4, as json-schema.org has it. */
export const METASCHEMA_4: JsonObject = {
  id: 'http://json-schema.org/draft-04/schema#',
  $schema: 'http://json-schema.org/draft-04/schema#',
  definitions: {
    schemaArray: { type: 'array', minItems: 1, items: SELF },
    positiveInteger: { type: 'integer', minimum: 0 },
    positiveIntegerDefault0: { allOf: [COUNT, { default: 0 }] },
    simpleTypes: { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] },
    stringArray: { type: 'array', items: TEXT, minItems: 1, uniqueItems: true },
  },
  type: 'object',
  properties: {
    id: TEXT,
    $schema: { type: 'string', format: 'uri' },
    title: TEXT,
    description: TEXT,
    default: {},
    multipleOf: { type: 'number', minimum: 0, exclusiveMinimum: true },
    maximum: { type: 'number' },
    exclusiveMaximum: FLAG,
    minimum: { type: 'number' },
    exclusiveMinimum: FLAG,
    maxLength: COUNT,
    minLength: COUNT_OR_0,
    pattern: { type: 'string', format: 'regex' },
    additionalItems: SCHEMA_OR_FLAG,
    items: { anyOf: [SELF, SCHEMAS], default: {} },
    maxItems: COUNT,
    minItems: COUNT_OR_0,
    uniqueItems: FLAG,
    maxProperties: COUNT,
    minProperties: COUNT_OR_0,
    required: { $ref: '#/definitions/stringArray' },
    additionalProperties: SCHEMA_OR_FLAG,
    definitions: SCHEMAS_BY_NAME,
    properties: SCHEMAS_BY_NAME,
    patternProperties: SCHEMAS_BY_NAME,
    dependencies: {
      type: 'object',
      additionalProperties: { anyOf: [SELF, { $ref: '#/definitions/stringArray' }] },
    },
    enum: { type: 'array', minItems: 1, uniqueItems: true },
    type: { anyOf: [SIMPLE_TYPE, { type: 'array', items: SIMPLE_TYPE, minItems: 1, uniqueItems: true }] },
    allOf: SCHEMAS,
    anyOf: SCHEMAS,
    oneOf: SCHEMAS,
    not: SELF,
    format: TEXT,
    $ref: TEXT,
  },
  dependencies: { exclusiveMaximum: ['maximum'], exclusiveMinimum: ['minimum'] },
  default: {},
};
