import type { ErrorObject } from 'ajv';

/** The errors as Helm prints them, a line each: `- at '/image/tag': got number, want string`. */
export function describeErrors(errors: readonly ErrorObject[]): string {
  return describeAll(errors, '');
}

function describeAll(errors: readonly ErrorObject[], indent: string): string {
  const lines: string[] = [];
  let rest = errors.filter(({ keyword }) => keyword !== 'if');
  while (rest.length > 0) {
    const error = rest[0] as ErrorObject;
    const outer = rest.findLast(
      (candidate) => isAlternative(candidate) && alternativesOf(candidate, rest).includes(error),
    );
    const head = outer ?? error;
    const inner = outer === undefined ? [] : alternativesOf(outer, rest);
    const group = isJoined(head) ? rest.filter((other) => isSamePlace(other, head)) : [head];
    lines.push(`${indent}- at '${head.instancePath}': ${describe(group)}\n`);
    if (!hasSeveralMatches(head)) lines.push(describeAll(inner, `${indent}  `));
    rest = rest.filter((other) => !group.includes(other) && !inner.includes(other));
  }
  return lines.join('');
}

function isAlternative({ keyword }: ErrorObject): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf';
}

/** The errors of the alternatives of which none or several hold: those before it about the same data, but for its siblings. */
function alternativesOf(outer: ErrorObject, errors: readonly ErrorObject[]): ErrorObject[] {
  const parent = outer.schemaPath.slice(0, outer.schemaPath.lastIndexOf('/') + 1);
  const before = errors.slice(0, errors.indexOf(outer));
  return before.filter(({ instancePath, schemaPath }) => {
    if (!instancePath.startsWith(outer.instancePath)) return false;
    return schemaPath.startsWith(`${outer.schemaPath}/`) || !schemaPath.startsWith(parent);
  });
}

function hasSeveralMatches({ keyword, params }: ErrorObject): boolean {
  return keyword === 'oneOf' && Array.isArray((params as { passingSchemas?: unknown }).passingSchemas);
}

function isSamePlace(a: ErrorObject, b: ErrorObject): boolean {
  return a.schemaPath === b.schemaPath && a.instancePath === b.instancePath;
}

/** Errors that name one property each, where Helm names all of them in one line. */
function isJoined(error: ErrorObject): boolean {
  return (
    error.keyword === 'required' ||
    error.keyword === 'additionalProperties' ||
    error.keyword === 'unevaluatedProperties'
  );
}

function describe(group: readonly ErrorObject[]): string {
  const [error] = group;
  if (error === undefined) return '';
  const { keyword, schema, data } = error;
  if (keyword === 'required') return `missing ${group.length === 1 ? 'property' : 'properties'} ${namesOf(group)}`;
  if (isJoined(error)) return `additional properties ${namesOf(group)} not allowed`;
  switch (keyword) {
    case 'type':
      return `got ${typeOf(data)}, want ${[schema].flat().join(' or ')}`;
    case 'enum':
      return describeChoice(keyword, schema as unknown[]);
    case 'const':
      return describeChoice(keyword, [schema]);
    case 'oneOf':
    case 'uniqueItems':
      return describePair(error);
    default:
      return describeLimit(keyword, schema, data);
  }
}

function describeChoice(keyword: string, wanted: readonly unknown[]): string {
  if (wanted.some((item) => typeof item === 'object' && item !== null)) return `'${keyword}' failed`;
  return `value must be ${wanted.length === 1 ? '' : 'one of '}${wanted.map(display).join(', ')}`;
}

/** Keywords whose line tells a number that was got and one that was wanted. */
const MEASURES: Readonly<Record<string, (data: unknown) => number>> = {
  minLength: (data) => Array.from(String(data)).length,
  maxLength: (data) => Array.from(String(data)).length,
  minItems: sizeOf,
  maxItems: sizeOf,
  minProperties: sizeOf,
  maxProperties: sizeOf,
  minimum: Number,
  maximum: Number,
  exclusiveMinimum: Number,
  exclusiveMaximum: Number,
  multipleOf: Number,
};

function describeLimit(keyword: string, schema: unknown, data: unknown): string {
  const measure = MEASURES[keyword];
  if (measure !== undefined) return `${keyword}: got ${localized(measure(data))}, want ${localized(Number(schema))}`;
  switch (keyword) {
    case 'pattern':
      return `${display(data)} does not match pattern ${display(schema)}`;
    case 'format':
      return `${display(data)} is not valid ${String(schema)}`;
    case 'false schema':
      return 'false schema';
    default:
      return `'${keyword}' failed`;
  }
}

/** Keywords whose line tells two places in a list. */
function describePair(error: ErrorObject): string {
  const { i, j, passingSchemas } = error.params as { i?: number; j?: number; passingSchemas?: [number, number] | null };
  if (error.keyword === 'uniqueItems') return `items at ${j} and ${i} are equal`;
  if (passingSchemas === undefined || passingSchemas === null) return "'oneOf' failed, none matched";
  return `'oneOf' failed, subschemas ${passingSchemas[0]}, ${passingSchemas[1]} matched`;
}

/** Helm's library prints numbers as an English reader likes them. */
function localized(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 20 });
}

function sizeOf(data: unknown): number {
  return Object.keys(data as object).length;
}

/** The property that each error names, whichever parameter Ajv gives it in. */
function namesOf(group: readonly ErrorObject[]): string {
  return group.map(({ params }) => display(Object.values(params as Record<string, unknown>)[0])).join(', ');
}

function display(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function typeOf(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'array';
  return typeof data;
}
