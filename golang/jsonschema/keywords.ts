import { isJsonObject, type Json } from '../json/index.ts';
import type { Draft } from './schema.ts';

/** How a keyword holds schemas. */
export type Shape = 'one' | 'list' | 'map';

/** Names of keywords by the draft that brings them and their shape. */
const KEYWORDS: readonly (readonly [since: Draft, shape: Shape, names: string])[] = [
  [4, 'list', 'allOf anyOf oneOf'],
  [4, 'one', 'not items additionalItems additionalProperties'],
  [4, 'map', 'properties patternProperties dependencies definitions'],
  [6, 'one', 'contains propertyNames'],
  [7, 'one', 'if then else'],
  [2019, 'one', 'unevaluatedItems unevaluatedProperties contentSchema'],
  [2019, 'map', '$defs dependentSchemas'],
  [2020, 'list', 'prefixItems'],
];

const BY_NAME: ReadonlyMap<string, readonly [since: Draft, shape: Shape]> = new Map(
  KEYWORDS.flatMap(([since, shape, names]) => names.split(' ').map((name) => [name, [since, shape]] as const)),
);

/** The keywords of a draft that hold schemas in a value, each with the shape that the value has. */
export function* schemasIn(schema: Readonly<Record<string, Json>>, draft: Draft): Generator<readonly [string, Shape]> {
  for (const [name, [since, declared]] of BY_NAME) {
    if (draft < since || !Object.hasOwn(schema, name)) continue;
    const value = schema[name] ?? null;
    const shape = Array.isArray(value) && name === 'items' ? 'list' : declared;
    if (hasShape(value, shape)) yield [name, shape];
  }
}

function hasShape(value: Json, shape: Shape): boolean {
  if (shape === 'list') return Array.isArray(value);
  return shape === 'one' || isJsonObject(value);
}

/** The schemas in a keyword's value, with the last part of their addresses; lists of names in `dependencies` are not schemas. */
export function partsOf(value: Json, shape: Shape): (readonly [string, Json])[] {
  if (shape === 'one') return [['', value]];
  return Object.entries(value as Record<string, Json>).filter(([, part]) => !(shape === 'map' && Array.isArray(part)));
}

/** A step of a JSON pointer, escaped. */
export function pointerStep(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
