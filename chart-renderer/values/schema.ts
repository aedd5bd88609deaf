import type { Options, ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ChartError, messageOf } from '../errors.ts';
import type { GoMap } from '../go-template/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject, toJson } from '../json.ts';
import { linearPattern } from '../linear-pattern.ts';
import type { ChartNode } from './node.ts';
import type { Check } from './plain-schema.ts';
import { plainCheckOf } from './plain-schema.ts';
import { FORMATS } from './schema-formats.ts';
import { describeErrors } from './schema-messages.ts';
import { upgradeDraft4 } from './schema-draft4.ts';

/**
 * Checks the values that a chart renders with against its values.schema.json, and those below each dependency's name against the
 * dependency's; throws `schema` with all that is wrong. References are never followed out of a schema.
 */
export function validateValues(root: ChartNode, values: GoMap): void {
  const problems = [...problemsOf(root, values)];
  if (problems.length === 0) return;
  const list = problems.join('');
  throw new ChartError(
    'schema',
    `values don't meet the specifications of the schema(s) in the following chart(s):\n${list}`,
    {
      file: 'values.schema.json',
    },
  );
}

function* problemsOf(node: ChartNode, values: GoMap): Generator<string> {
  if (node.chart.schema !== undefined) {
    const problem = problemOf(node.chart.schema, values);
    if (problem !== undefined) yield `${node.name}:\n${problem}`;
  }
  for (const dependency of node.dependencies) {
    const table = values.get(dependency.name);
    if (table instanceof Map) yield* problemsOf(dependency, table);
    else if (table !== null && table !== undefined) {
      yield `${dependency.name}:\ninvalid type for values: expected object (map), got ${typeof table}\n`;
    }
  }
}

const TOO_DEEP = 'values.schema.json is nested too deeply or refers to itself (limit of the stack)';

function problemOf(bytes: Uint8Array, values: GoMap): string | undefined {
  try {
    const schema = schemaOf(bytes);
    if (schema.check?.(values) === true) return undefined;
    // Charts' values nearly always meet their schemas: what can tell what is wrong is only made where something is.
    schema.validate ??= compileSchema(schema.source, schema.dialect);
    if (schema.validate(toJson(values))) return undefined;
    return describeErrors(schema.validate.errors ?? []);
  } catch (error) {
    if (error instanceof RangeError)
      throw new ChartError('limit', TOO_DEEP, { file: 'values.schema.json', cause: error });
    return `unable to validate schema: ${messageOf(error)}`;
  }
}

/** A schema as far as it was needed yet. */
interface Schema {
  /** Without `$schema`: Ajv looks a declared dialect up by its exact address; which one it is was settled already. */
  readonly source: boolean | JsonObject;
  readonly dialect: Dialect;
  readonly check: Check | undefined;
  validate?: ValidateFunction;
}

const schemas = new WeakMap<Uint8Array, Schema>();

/** The schema in these bytes; charts that are rendered again bring the same. */
function schemaOf(bytes: Uint8Array): Schema {
  const known = schemas.get(bytes);
  if (known !== undefined) return known;
  const schema = readSchema(JSON.parse(Buffer.from(bytes).toString('utf8')) as Json);
  schemas.set(bytes, schema);
  return schema;
}

function readSchema(schema: Json): Schema {
  if (typeof schema === 'boolean') return { source: schema, dialect: '2020-12', check: () => schema };
  if (!isJsonObject(schema)) throw new Error('the schema is neither an object nor a boolean');
  const dialect = dialectOf(schema['$schema']);
  const { $schema: _declared, ...source } = dialect === 'draft-04' ? upgradeDraft4(schema) : schema;
  return { source, dialect, check: plainCheckOf(source) };
}

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  verbose: true,
  messages: false,
  logger: false,
  validateSchema: false,
  // Optimizing takes longer than all that is ever validated.
  code: { optimize: false, regExp: Object.assign(schemaPattern, { code: '' }) },
};

function compileSchema(schema: boolean | JsonObject, dialect: Dialect): ValidateFunction {
  if (typeof schema !== 'boolean') checkSchema(schema, dialect);
  return ajvFor(dialect).compile(schema);
}

const checkers = new Map<Dialect, Ajv | Ajv2019 | Ajv2020>();

/** Checks the schema itself; what checks is compiled once for all schemas of a dialect, unlike what they compile to. */
function checkSchema(schema: JsonObject, dialect: Dialect): void {
  const checker = checkers.get(dialect) ?? ajvFor(dialect);
  checkers.set(dialect, checker);
  if (checker.validateSchema(schema) !== true)
    throw new Error(`the schema is not valid against its metaschema:\n${describeErrors(checker.errors ?? [])}`);
}

function ajvFor(dialect: Dialect): Ajv | Ajv2019 | Ajv2020 {
  switch (dialect) {
    case '2020-12':
      return new Ajv2020({ ...OPTIONS, validateFormats: false });
    case '2019-09':
      return new Ajv2019({ ...OPTIONS, validateFormats: false });
    // Draft 7 only adds keywords to draft 6; draft 4 was brought up to it.
    case 'draft-07':
    case 'draft-06':
    case 'draft-04':
      return new Ajv({ ...OPTIONS, formats: FORMATS });
  }
}

type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

function dialectOf(declared: Json | undefined): Dialect {
  if (typeof declared !== 'string') return '2020-12';
  const path = /^https?:\/\/json-schema\.org\/(.*?)#?$/.exec(declared)?.[1];
  if (path === 'schema') return '2020-12';
  const dialect = /^(?:draft\/)?(draft-0[467]|2019-09|2020-12)\/schema$/.exec(path ?? '')?.[1];
  if (dialect === undefined) throw new Error(`the schema's dialect ${declared} is not known, and is not fetched`);
  return dialect as Dialect;
}

function schemaPattern(source: string): { test: (text: string) => boolean; toString: () => string } {
  return { ...linearPattern(source), toString: () => `/${source}/` };
}
