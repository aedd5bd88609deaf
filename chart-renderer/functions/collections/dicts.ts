import {
  type GoMap,
  GoObject,
  goTypeOf,
  isNil,
  plainMap,
  sortedKeys,
  type Value,
  withTypeOf,
} from '../../../golang/reflect/index.ts';
import { define, defineVariadic } from '../../../golang/template/index.ts';
import { toText } from '../cast.ts';
import type { FunctionEntries } from '../entries.ts';
import { checkListSize } from '../limits.ts';
import { stringSlice } from '../list-values.ts';
import { type MergeMode, mergeInto } from './merge.ts';

const dict = defineVariadic([], 'any', (...pairs) => {
  const map: GoMap = new Map();
  for (let i = 0; i < pairs.length; i += 2) map.set(toText(pairs[i]), i + 1 < pairs.length ? pairs[i + 1] : '');
  return map;
});

const get = define(['map', 'string'], (map, key) => {
  const value = map.get(key);
  return value === undefined && !map.has(key) ? '' : (value ?? null);
});

const set = define(['map', 'string', 'any'], (map, key, value) => plainMap(map.set(key, value)));

const unset = define(['map', 'string'], (map, key) => {
  map.delete(key);
  return plainMap(map);
});

const hasKey = define(['map', 'string'], (map, key) => map.has(key));

const pluck = defineVariadic(['string'], 'map', (key, ...maps) =>
  maps.filter((map) => map.has(key)).map((map) => map.get(key) ?? null),
);

/** Sorted, where Go's order is random. */
const keys = defineVariadic([], 'map', (...maps) => stringSlice(maps.flatMap(sortedKeys)));

/** In the order of the sorted keys, where Go's order is random. */
const values = define(['map'], (map) => sortedKeys(map).map((key) => map.get(key) ?? null));

const pick = defineVariadic(['map'], 'string', (map, ...names) => {
  const picked: GoMap = new Map();
  for (const name of names) if (map.has(name)) picked.set(name, map.get(name));
  return picked;
});

const omit = defineVariadic(['map'], 'string', (map, ...names) => {
  const rest: GoMap = new Map(map);
  for (const name of names) rest.delete(name);
  return rest;
});

const dig = defineVariadic([], 'any', (...parts) => {
  if (parts.length < 3) throw new Error('dig needs at least three arguments');
  let map = mapIn(parts.at(-1));
  const path = parts.slice(0, -2).map(stringIn);
  for (const [i, key] of path.entries()) {
    if (!map.has(key)) return parts.at(-2);
    const value = map.get(key);
    if (i === path.length - 1) return value ?? null;
    map = mapIn(value);
  }
  return null;
});

function mapIn(value: Value): GoMap {
  if (value instanceof Map && goTypeOf(value) === 'map[string]interface {}') return value;
  throw new Error(conversionError(value, 'map[string]interface {}'));
}

function stringIn(value: Value): string {
  if (typeof value === 'string') return value;
  throw new Error(conversionError(value, 'string'));
}

function conversionError(value: Value, wanted: string): string {
  return `interface conversion: interface {} is ${isNil(value) ? 'nil' : goTypeOf(value)}, not ${wanted}`;
}

function merging(mode: MergeMode): ReturnType<typeof define> {
  return defineVariadic(['map'], 'map', (target, ...sources) => {
    for (const source of sources) mergeInto(target, source, mode);
    return plainMap(target);
  });
}

const deepCopy = define(['any'], (value) => {
  if (value === null) throw new Error('reflect: call of reflect.Value.Type on zero Value');
  return copyOf(value, { copied: 0 });
});

function copyOf(value: Value, work: { copied: number }): Value {
  if (value instanceof Map) {
    const copy: GoMap = new Map();
    for (const [key, item] of value) copy.set(key, copyOf(item, work));
    return withTypeOf(copy, value);
  }
  if (value instanceof GoObject) return value.type.deepCopied?.(value) ?? value;
  if (!Array.isArray(value)) return value;
  work.copied += value.length;
  checkListSize(work.copied);
  return withTypeOf(
    value.map((item) => copyOf(item, work)),
    value,
  );
}

/** Sprig's functions on maps. */
export const dictFunctions: FunctionEntries = [
  ['dict', dict],
  ['get', get],
  ['set', set],
  ['unset', unset],
  ['hasKey', hasKey],
  ['pluck', pluck],
  ['keys', keys],
  ['values', values],
  ['pick', pick],
  ['omit', omit],
  ['dig', dig],
  ['merge', merging('keep')],
  ['mustMerge', merging('keep')],
  ['mergeOverwrite', merging('overwrite')],
  ['mustMergeOverwrite', merging('overwrite')],
  ['deepCopy', deepCopy],
  ['mustDeepCopy', deepCopy],
];
