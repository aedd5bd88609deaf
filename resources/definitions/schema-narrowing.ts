import { digestOfJson } from '../json/digest.ts';
import { isMap, listAt, mapAt, numberAt, valueAt, type JsonMap } from '../json/json.ts';

/** A place in the objects of a kind: keys, and `*` for any key or item. */
export type Place = readonly string[];

/** Something that a later schema does not allow, or does not keep, where an earlier one does. */
export interface Narrowing {
  place: Place;
  /** As the rest of a sentence that begins with the place. */
  how: string;
  /** Whether an object is affected that does not have the field, rather than one that has it. */
  affects: 'present' | 'absent';
}

/** A schema in two states. */
interface Pair {
  before: JsonMap;
  after: JsonMap;
  place: Place;
}

type Found = Generator<Narrowing>;

/** Schemas that are nested deeper are not compared. */
const MAX_DEPTH = 100;

/**
 * What an OpenAPI schema of a CustomResourceDefinition no longer allows, or would drop, compared with an earlier one: fields that are gone,
 * types and values that are fewer, limits that are tighter, fields that are required by now, rules that are new. Descriptions and defaults
 * do not matter. Keywords that are not understood count where they differ.
 */
export function* narrowingsOf(before: unknown, after: unknown, place: Place = []): Found {
  if (!isMap(before) || !isMap(after)) return;
  if (place.length > MAX_DEPTH) {
    yield { place, how: 'is nested too deeply to be compared', affects: 'present' };
    return;
  }
  const pair = { before, after, place };
  yield* typeNarrowings(pair);
  yield* valueNarrowings(pair);
  yield* limitNarrowings(pair);
  yield* requiredNarrowings(pair);
  yield* propertyNarrowings(pair);
  yield* otherNarrowings(pair);
  yield* narrowingsOf(before['items'], after['items'], [...place, '*']);
}

function narrowing({ place }: Pair, how: string): Narrowing {
  return { place, how, affects: 'present' };
}

const PRESERVE = 'x-kubernetes-preserve-unknown-fields';
const INT_OR_STRING = 'x-kubernetes-int-or-string';

function* typeNarrowings(pair: Pair): Found {
  const { before, after } = pair;
  const [old, now] = [typeOf(before), typeOf(after)];
  const isWider = now === 'any' || old === now || (old === 'integer' && ['number', 'int-or-string'].includes(now));
  if (!isWider && !(old === 'string' && now === 'int-or-string')) yield narrowing(pair, `is ${now} instead of ${old}`);
  if (before['nullable'] === true && after['nullable'] !== true) yield narrowing(pair, 'may not be null any more');
}

function typeOf(schema: JsonMap): string {
  if (schema[INT_OR_STRING] === true) return 'int-or-string';
  return typeof schema['type'] === 'string' ? schema['type'] : 'any';
}

/** Keywords that restrict by being there; what they say is compared as a whole. */
const RESTRICTIONS = ['pattern', 'format', 'multipleOf', 'uniqueItems', 'not', 'allOf', 'anyOf', 'oneOf'];
/** How lists and maps are merged: a list that has become a set may hold an item twice. */
const MERGING = ['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-embedded-resource'];
const MERGED_AS_BEFORE = ['atomic', false];

function* valueNarrowings(pair: Pair): Found {
  const { before, after } = pair;
  const now = after['enum'];
  if (Array.isArray(now)) {
    const old = before['enum'];
    const allowed = new Set(now.map((value) => digestOfJson(value)));
    const isFewer = !Array.isArray(old) || old.some((value) => !allowed.has(digestOfJson(value)));
    if (isFewer) yield narrowing(pair, 'allows fewer values');
  }
  for (const keyword of [...RESTRICTIONS, ...MERGING]) {
    const value = after[keyword];
    if (value === undefined || MERGED_AS_BEFORE.includes(value as string) || isSame(before[keyword], value)) continue;
    yield narrowing(pair, `has another ${keyword}`);
  }
  const known = new Set(listAt(before, 'x-kubernetes-validations').map((rule) => digestOfJson(ruleOf(rule))));
  const rules = listAt(after, 'x-kubernetes-validations').filter((rule) => !known.has(digestOfJson(ruleOf(rule))));
  if (rules.length > 0) yield narrowing(pair, `has new rules: ${rules.map((rule) => String(ruleOf(rule))).join('; ')}`);
}

function ruleOf(rule: unknown): unknown {
  return valueAt(rule, 'rule') ?? null;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && digestOfJson(a) === digestOfJson(b));
}

const MINIMA = ['minimum', 'minLength', 'minItems', 'minProperties'];
const MAXIMA = ['maximum', 'maxLength', 'maxItems', 'maxProperties'];

function* limitNarrowings(pair: Pair): Found {
  const { before, after } = pair;
  for (const [keywords, isTighter] of [
    [MINIMA, (now: number, old: number | undefined): boolean => now > (old ?? -Infinity)],
    [MAXIMA, (now: number, old: number | undefined): boolean => now < (old ?? Infinity)],
  ] as const) {
    for (const keyword of keywords) {
      const now = numberAt(after, keyword);
      if (now === undefined) continue;
      if (isTighter(now, numberAt(before, keyword))) yield narrowing(pair, `has the ${keyword} ${now}`);
    }
  }
  for (const keyword of ['exclusiveMinimum', 'exclusiveMaximum']) {
    if (after[keyword] === true && before[keyword] !== true) yield narrowing(pair, `has an ${keyword}`);
  }
}

/** A field that has a default exists as soon as an object is read. */
function* requiredNarrowings({ before, after, place }: Pair): Found {
  const known = new Set(listAt(before, 'required'));
  for (const field of listAt(after, 'required')) {
    if (typeof field !== 'string' || known.has(field)) continue;
    if (valueAt(after, 'properties', field, 'default') !== undefined) continue;
    yield { place: [...place, field], how: 'is required', affects: 'absent' };
  }
}

/** What every object has, whether or not a schema says so. */
const IN_EVERY_OBJECT = new Set(['apiVersion', 'kind', 'metadata']);

function* propertyNarrowings(pair: Pair): Found {
  const { before, after, place } = pair;
  const now = mapAt(after, 'properties');
  const others = othersOf(after);
  for (const [field, schema] of Object.entries(mapAt(before, 'properties'))) {
    const below = [...place, field];
    if (place.length === 0 && IN_EVERY_OBJECT.has(field)) continue;
    if (Object.hasOwn(now, field)) yield* narrowingsOf(schema, now[field], below);
    else if (others === undefined) yield { place: below, how: 'is gone', affects: 'present' };
    else yield* narrowingsOf(schema, others, below);
  }
  yield* namedSince(pair);
}

/** Fields that any value could be kept in as long as no schema named them. */
function* namedSince({ before, after, place }: Pair): Found {
  const others = othersOf(before);
  if (others === undefined) return;
  const known = mapAt(before, 'properties');
  for (const [field, schema] of Object.entries(mapAt(after, 'properties'))) {
    if (Object.hasOwn(known, field) || (place.length === 0 && IN_EVERY_OBJECT.has(field))) continue;
    yield* narrowingsOf(others, schema, [...place, field]);
  }
}

function* otherNarrowings({ before, after, place }: Pair): Found {
  const [old, now] = [othersOf(before), othersOf(after)];
  const below = [...place, '*'];
  if (old === undefined) return;
  if (now === undefined) yield { place: below, how: 'is dropped unless the schema names it', affects: 'present' };
  else yield* narrowingsOf(old, now, below);
}

/** The schema of fields that have none of their own; undefined where there may be no others. */
function othersOf(schema: JsonMap): JsonMap | undefined {
  const others = schema['additionalProperties'];
  if (isMap(others)) return others;
  return others === true || schema[PRESERVE] === true ? {} : undefined;
}

/** Whether an object is affected by a narrowing: it has the field or, where one is required by now, lacks it. */
export function isAffected(object: unknown, { place, affects }: Narrowing): boolean {
  if (affects === 'present') return valuesAt(object, place).some((value) => value !== undefined);
  const parents = valuesAt(object, place.slice(0, -1));
  const field = place.at(-1) ?? '';
  return parents.some((parent) => isMap(parent) && !Object.hasOwn(parent, field));
}

function valuesAt(value: unknown, [key, ...rest]: Place): unknown[] {
  if (key === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (key === '*') return Object.values(value).flatMap((item) => valuesAt(item, rest));
  return isMap(value) && Object.hasOwn(value, key) ? valuesAt(value[key], rest) : [];
}
