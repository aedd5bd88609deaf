import { getKey, isJsonObject, type Json, type JsonObject } from '../../golang/json/index.ts';
import type { GoMap, Value } from '../../golang/reflect/index.ts';
import { linearPattern } from '../../golang/regexp/index.ts';

/** Whether values meet a schema. */
export type Check = (value: Value) => boolean;

/**
 * The test of a well-formed schema of the few keywords that charts' schemas are made of, which mean the same in every dialect; undefined
 * for any other schema. Takes no `$schema`. It is made many times faster than a validator that can say what is wrong.
 */
export function fastCheckOf(schema: JsonObject): Check | undefined {
  try {
    return new Plain(schema).check(withoutIdentity(schema));
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

/** Says that a schema needs more than is known here, if only to say what is wrong with the schema itself. */
const NOT_PLAIN = new Error('a schema for the validator');

type Keyword = (plain: Plain, wanted: Json, schema: JsonObject) => Check | undefined;

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['$ref', (plain, wanted) => plain.reference(text(wanted))],
  ['type', (_plain, wanted) => typeCheck(wanted)],
  ['enum', (_plain, wanted) => choiceCheck(list(wanted))],
  ['const', (_plain, wanted) => choiceCheck([wanted])],
  ['minimum', (_plain, wanted) => limitCheck(wanted, (value, limit) => value >= limit)],
  ['maximum', (_plain, wanted) => limitCheck(wanted, (value, limit) => value <= limit)],
  ['pattern', (_plain, wanted) => patternCheck(text(wanted))],
  ['required', (_plain, wanted) => requiredCheck(wanted)],
  ['properties', (plain, wanted) => propertiesCheck(plain.checks(wanted))],
  ['additionalProperties', (plain, wanted, schema) => additionalCheck(plain.check(wanted), schema)],
  ['items', (plain, wanted) => itemsCheck(plain.check(wanted))],
  ['allOf', (plain, wanted) => matchCount(plain, wanted, (count, all) => count === all)],
  ['anyOf', (plain, wanted) => matchCount(plain, wanted, (count) => count > 0)],
  ['oneOf', (plain, wanted) => matchCount(plain, wanted, (count) => count === 1)],
  ['definitions', (plain, wanted) => void plain.checks(wanted)],
  ['$defs', (plain, wanted) => void plain.checks(wanted)],
  ['title', (_plain, wanted) => void text(wanted)],
  ['description', (_plain, wanted) => void text(wanted)],
  ['$comment', (_plain, wanted) => void text(wanted)],
  ['examples', (_plain, wanted) => void list(wanted)],
  ['default', () => undefined],
]);

// prettier-ignore
const OTHER_KEYWORDS = new Set([
  '$anchor', '$dynamicAnchor', '$dynamicRef', '$id', '$recursiveAnchor', '$recursiveRef', '$schema', '$vocabulary',
  'additionalItems', 'contains', 'contentEncoding', 'contentMediaType', 'contentSchema', 'dependencies', 'dependentRequired',
  'dependentSchemas', 'deprecated', 'discriminator', 'else', 'exclusiveMaximum', 'exclusiveMinimum', 'format', 'id', 'if',
  'maxContains', 'maxItems', 'maxLength', 'maxProperties', 'minContains', 'minItems', 'minLength', 'minProperties', 'multipleOf',
  'not', 'nullable', 'patternProperties', 'prefixItems', 'propertyNames', 'readOnly', 'then', 'unevaluatedItems',
  'unevaluatedProperties', 'uniqueItems', 'writeOnly',
]);

/** Makes the checks of a schema and of the parts that it refers to. */
class Plain {
  readonly #root: JsonObject;
  readonly #references = new Map<string, { check: Check }>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  check(schema: Json): Check {
    if (typeof schema === 'boolean') return () => schema;
    if (!isJsonObject(schema)) throw NOT_PLAIN;
    const checks: Check[] = [];
    for (const [name, wanted] of Object.entries(schema)) {
      if (OTHER_KEYWORDS.has(name)) throw NOT_PLAIN;
      const check = KEYWORDS.get(name)?.(this, wanted, schema);
      if (check !== undefined) checks.push(check);
    }
    const [only, ...more] = checks;
    if (only === undefined) return () => true;
    return more.length === 0 ? only : (value) => checks.every((check) => check(value));
  }

  checks(schemas: Json): Map<string, Check> {
    if (!isJsonObject(schemas)) throw NOT_PLAIN;
    return new Map(Object.entries(schemas).map(([name, schema]) => [name, this.check(schema)]));
  }

  /** The check of a part of the same schema, which may contain the reference. */
  reference(pointer: string): Check {
    const known = this.#references.get(pointer);
    if (known !== undefined) return (value) => known.check(value);
    const made = { check: (_value: Value): boolean => false };
    this.#references.set(pointer, made);
    made.check = this.check(this.#target(pointer));
    return made.check;
  }

  #target(pointer: string): Json {
    if (!/^#(?:\/[\w$.-]+)*$/.test(pointer)) throw NOT_PLAIN;
    if (pointer === '#') return withoutIdentity(this.#root);
    return pointer
      .split('/')
      .slice(1)
      .reduce<Json>((at, step) => (isJsonObject(at) ? (getKey(at, step) ?? null) : null), this.#root);
  }
}

function withoutIdentity({ $id: id, ...schema }: JsonObject): JsonObject {
  if (id !== undefined && !/^https?:[^#]*$/.test(text(id))) throw NOT_PLAIN;
  return schema;
}

const TYPES: ReadonlyMap<Json, Check> = new Map<string, Check>([
  ['null', (value) => value === null || value === undefined],
  ['boolean', (value) => typeof value === 'boolean'],
  ['string', (value) => typeof value === 'string'],
  ['number', (value) => typeof value === 'number'],
  ['integer', Number.isInteger],
  ['array', Array.isArray],
  ['object', (value) => value instanceof Map],
]);

function typeCheck(wanted: Json): Check {
  if (Array.isArray(wanted)) {
    const checks = distinct(list(wanted)).map(typeCheck);
    return (value) => checks.some((check) => check(value));
  }
  const check = TYPES.get(wanted);
  if (check === undefined) throw NOT_PLAIN;
  return check;
}

function choiceCheck(wanted: readonly Json[]): Check {
  const choices = new Set<Value>(distinct(wanted) as Value[]);
  return (value) => choices.has(value ?? null);
}

function limitCheck(limit: Json, isWithin: (value: number, limit: number) => boolean): Check {
  if (typeof limit !== 'number') throw NOT_PLAIN;
  return (value) => typeof value !== 'number' || isWithin(value, limit);
}

function patternCheck(source: string): Check {
  const pattern = compilePattern(source);
  return (value) => typeof value !== 'string' || pattern.test(value);
}

function compilePattern(source: string): ReturnType<typeof linearPattern> {
  try {
    return linearPattern(source);
  } catch {
    throw NOT_PLAIN;
  }
}

function requiredCheck(wanted: Json): Check {
  const names = distinct(list(wanted)).map(text);
  return (value) => !(value instanceof Map) || names.every((name) => value.has(name));
}

function propertiesCheck(checks: ReadonlyMap<string, Check>): Check {
  return (value) => {
    if (!(value instanceof Map)) return true;
    for (const [name, item] of value as GoMap) if (checks.get(name)?.(item) === false) return false;
    return true;
  };
}

function additionalCheck(check: Check, { properties = {} }: JsonObject): Check {
  const named = new Set(Object.keys(properties as object));
  return (value) => {
    if (!(value instanceof Map)) return true;
    for (const [name, item] of value as GoMap) if (!named.has(name) && !check(item)) return false;
    return true;
  };
}

function itemsCheck(check: Check): Check {
  return (value) => !Array.isArray(value) || value.every(check);
}

function matchCount(plain: Plain, wanted: Json, isEnough: (count: number, all: number) => boolean): Check {
  const checks = list(wanted).map((schema) => plain.check(schema));
  return (value) => isEnough(checks.filter((check) => check(value)).length, checks.length);
}

function text(value: Json): string {
  if (typeof value !== 'string') throw NOT_PLAIN;
  return value;
}

function list(value: Json): Json[] {
  if (!Array.isArray(value) || value.length === 0) throw NOT_PLAIN;
  return value;
}

/** The single values of a list, none of them twice. */
function distinct(values: readonly Json[]): readonly Json[] {
  if (values.some((value) => typeof value === 'object' && value !== null)) throw NOT_PLAIN;
  if (new Set(values).size !== values.length) throw NOT_PLAIN;
  return values;
}
