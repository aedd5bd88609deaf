import { isJsonObject, type Json, jsonFault, toJson } from '../../golang/json/index.ts';
import { compileSchema, isKnownDialect, type Validate } from '../../golang/jsonschema/index.ts';
import { attached } from '../../golang/memo/index.ts';
import { type GoMap, goTypeOf } from '../../golang/reflect/index.ts';
import { ChartError, messageOf } from '../errors.ts';
import type { ChartNode } from './node.ts';
import type { Warn } from './tables.ts';
import type { Check } from './fast-schema.ts';
import { fastCheckOf } from './fast-schema.ts';

/**
 * Checks the values that a chart renders with against its values.schema.json, and those below each dependency's name against the
 * dependency's; throws `schema` with all that is wrong. References are never followed out of a schema.
 */
export function validateValues(root: ChartNode, values: GoMap, warn: Warn): void {
  const problems = [...problemsOf(root, values, warn)];
  if (problems.length === 0) return;
  const list = problems.join('');
  throw new ChartError(
    'Schema',
    `values don't meet the specifications of the schema(s) in the following chart(s):\n${list}`,
    {
      file: 'values.schema.json',
    },
  );
}

function* problemsOf(node: ChartNode, values: GoMap, warn: Warn): Generator<string> {
  if (node.chart.schema !== undefined) {
    const problem = problemOf(node.chart.schema, values, warn);
    if (problem !== undefined) yield `${node.name}:\n${problem}`;
  }
  for (const dependency of node.dependencies) {
    const table = values.get(dependency.name);
    if (table instanceof Map) yield* problemsOf(dependency, table, warn);
    else if (table !== null && table !== undefined) {
      yield `${dependency.name}:\ninvalid type for values: expected object (map), got ${goTypeOf(table)}\n`;
    }
  }
}

const TOO_DEEP = 'values.schema.json is nested too deeply (limit of the stack)';

function problemOf(bytes: Uint8Array, values: GoMap, warn: Warn): string | undefined {
  try {
    const schema = schemaOf(bytes);
    if (isMet(schema.check, values)) return undefined;
    // Charts' values nearly always meet their schemas: the validator that can say what is wrong is only made where something is.
    schema.validate ??= compileSchema(schema.document, (urn) => schema.urns.add(urn));
    for (const urn of schema.urns) warn(`unresolved URN reference ignored; using permissive schema: ${urn}`);
    const problem = schema.validate(toJson(values));
    return problem === undefined ? undefined : `${problem}\n`;
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ChartError('Limit', TOO_DEEP, { file: 'values.schema.json', cause: error });
    }
    return messageOf(error);
  }
}

/** Whether the fast check says that all is well; of a schema that leads back to itself it cannot say. */
function isMet(check: Check | undefined, values: GoMap): boolean {
  try {
    return check?.(values) === true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A schema, as far as it has been needed. */
interface Schema {
  readonly document: Json;
  readonly check: Check | undefined;
  /** What it refers to by names that nothing resolves, as far as it was compiled. */
  readonly urns: Set<string>;
  validate?: Validate;
}

/** The schema in these bytes; charts that are rendered again bring the same. */
const schemaOf = attached((bytes: Uint8Array): Schema => {
  const document = parseSchema(Buffer.from(bytes).toString('utf8'));
  return { document, check: checkOf(document), urns: new Set() };
});

/** Throws in the words of Go's decoder of JSON streams, which differ a little from those for whole texts. */
function parseSchema(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const fault = jsonFault(text) ?? messageOf(error);
    if (fault.endsWith('after top-level value'))
      throw new Error('invalid character after top-level value', { cause: error });
    const isCutOff =
      fault === 'unexpected end of JSON input' || (fault.startsWith("invalid character ' ' in") && !/\s$/.test(text));
    if (!isCutOff) throw new Error(fault, { cause: error });
    throw new Error(text.trim() === '' ? 'EOF' : 'unexpected EOF', { cause: error });
  }
}

function checkOf(document: Json): Check | undefined {
  if (!isJsonObject(document)) return undefined;
  const { $schema: dialect, ...schema } = document;
  const isDraft4 = typeof dialect === 'string' && dialect.includes('draft-04');
  // The fast check knows booleans for schemas, which draft 4 has not.
  return isKnownDialect(dialect) && !isDraft4 ? fastCheckOf(schema) : undefined;
}
