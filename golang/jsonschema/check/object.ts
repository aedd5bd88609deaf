import { isJsonObject, type Json, type JsonObject } from '../../json/index.ts';
import { checkSize } from './scalar.ts';
import { allQuoted, quoted } from '../problem.ts';
import type { Visit } from './visit.ts';

/** The keywords about objects. */
export function checkObject(visit: Visit, object: JsonObject): void {
  const { schema } = visit;
  checkSize(visit, 'Properties', () => Object.keys(object).length);
  const missing = missingIn(object, schema.strings('required'));
  if (missing.length > 0)
    visit.add(`missing ${missing.length === 1 ? 'property' : 'properties'} ${allQuoted(missing)}`);
  checkDependencies(visit, object, 'dependencies');
  checkProperties(visit, object);
  checkNames(visit, object);
  if (schema.draft < 2019) return;
  checkDependencies(visit, object, 'dependentSchemas');
  checkDependencies(visit, object, 'dependentRequired');
}

function missingIn(object: JsonObject, names: readonly string[]): string[] {
  return names.filter((name) => !Object.hasOwn(object, name));
}

function checkDependencies(visit: Visit, object: JsonObject, keyword: string): void {
  const declared = visit.schema.keyword(keyword);
  if (!isJsonObject(declared)) return;
  for (const [name, wanted] of Object.entries(declared)) {
    if (!Object.hasOwn(object, name)) continue;
    const schema = visit.schema.map(keyword).get(name);
    if (schema !== undefined) visit.addProblem(visit.self(schema));
    else checkNeeded(visit, object, name, wanted);
  }
}

function checkNeeded(visit: Visit, object: JsonObject, name: string, wanted: Json): void {
  const names = Array.isArray(wanted) ? wanted.filter((item) => typeof item === 'string') : [];
  const missing = missingIn(object, names);
  if (missing.length > 0) visit.add(`properties ${allQuoted(missing)} required, if ${quoted(name)} exists`);
}

function checkProperties(visit: Visit, object: JsonObject): void {
  const { schema } = visit;
  const additional = schema.one('additionalProperties');
  const refused: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (checkDeclared(visit, name, value)) visit.unevaluated.properties?.delete(name);
    else if (additional?.json === false) refused.push(name);
    else if (additional !== undefined) visit.addInner(additional, value, name);
  }
  if (refused.length > 0) visit.add(`additional properties ${allQuoted(refused)} not allowed`);
}

/** Whether the schema names the property, by itself or by a pattern. */
function checkDeclared(visit: Visit, name: string, value: Json): boolean {
  const { schema } = visit;
  const own = schema.map('properties').get(name);
  if (own !== undefined) visit.addInner(own, value, name);
  let isDeclared = own !== undefined;
  for (const [pattern, byPattern] of schema.map('patternProperties')) {
    if (schema.patterns.get(pattern)?.test(name) !== true) continue;
    visit.addInner(byPattern, value, name);
    isDeclared = true;
  }
  return isDeclared;
}

function checkNames(visit: Visit, object: JsonObject): void {
  const schema = visit.schema.one('propertyNames');
  if (schema === undefined) return;
  for (const name of Object.keys(object)) {
    const problems = visit.ofName(schema, name);
    if (problems.length > 0) visit.add(`invalid propertyName ${quoted(name)}`, problems);
  }
}
