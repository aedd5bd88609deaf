import { canonicalJson } from '../json/digest.ts';
import { jsonOf } from '../json/json-text.ts';
import { isMap, mapValues } from '../json/json.ts';
import type { KubeObject } from '../types.ts';

const UNDECLARED = /(?:^|[\s:])(\.\S.*?): field not declared in schema/gm;
/** One step of a path such as `.spec.containers[name="app"].image`, as structured-merge-diff writes it. */
const STEP = /\.([^.[]+)|\[(\d+)\]|\[((?:[^"\]]|"(?:[^"\\]|\\.)*")*)\]/gy;

type PathStep = (key: string | number, value: unknown) => boolean;

/**
 * `desired` without the fields that the API server calls undeclared in its refusal of an apply; undefined if the refusal is about
 * something else. Helm sends such objects by create, which drops these fields with a warning. An apply is refused as a whole, and each
 * refusal names the fields of one level only. The digest stays that of the whole object, so that it counts as applied.
 */
export function withoutUndeclared(desired: KubeObject, refusal: string): KubeObject | undefined {
  const paths = [...refusal.matchAll(UNDECLARED)].map(([, path = '']) => stepsOf(path));
  const left = paths.reduce<unknown>(without, desired) as KubeObject;
  return canonicalJson(left) === canonicalJson(desired) ? undefined : left;
}

/** A path that cannot be read to its end must lead nowhere, not to a field further up. */
function stepsOf(path: string): PathStep[] {
  const matches = [...path.matchAll(STEP)];
  if (matches.map(([text]) => text).join('') !== path) return [() => false];
  return matches.map(([, field, index, keys = '']) => stepOf(field, index, keys));
}

function stepOf(field: string | undefined, index: string | undefined, keys: string): PathStep {
  if (field !== undefined) return (key) => key === field;
  if (index !== undefined) return (key) => key === Number(index);
  const wanted = [...keys.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  // The server completes keys that an item leaves to their defaults.
  const fits = (value: unknown, text: string): boolean => value === undefined || jsonOf(value) === text;
  return (_key, item) => wanted.every(([, key = '', text = '']) => isMap(item) && fits(item[key], text));
}

function without(value: unknown, [step, ...rest]: readonly PathStep[]): unknown {
  if (step === undefined) return value;
  const change = (item: unknown, key: string | number): unknown => (step(key, item) ? without(item, rest) : item);
  if (Array.isArray(value)) return value.map(change);
  if (!isMap(value)) return value;
  if (rest.length > 0) return mapValues(value, change);
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => !step(key, item)));
}
