import { isMap, mapValues } from './json.ts';
import type { KubeObject } from './types.ts';

const UNDECLARED = /(?:^|[\s:])(\.\S.*?): field not declared in schema/gm;
/** One step of a path such as `.spec.containers[name="app"].image`, as structured-merge-diff writes it. */
const STEP = /\.([^.[]+)|\[(\d+)\]|\[((?:[^"\]]|"(?:[^"\\]|\\.)*")*)\]/gy;

type Step = (key: string | number, value: unknown) => boolean;

/**
 * `desired` without the fields that the API server calls undeclared in its refusal of an apply; undefined if it complains of something
 * else. Helm sends such objects by create, which drops these fields with a warning; an apply is refused as a whole, and names only the
 * fields of one level at a time. The digest stays that of the whole, so that the object counts as applied.
 */
export function withoutUndeclared(desired: KubeObject, refusal: string): KubeObject | undefined {
  const paths = [...refusal.matchAll(UNDECLARED)].flatMap(([, path]) => (path ? [stepsOf(path)] : []));
  if (paths.length === 0 || paths.some((steps) => steps === undefined)) return undefined;
  return paths.reduce<unknown>((object, steps) => without(object, steps ?? []), desired) as KubeObject;
}

function stepsOf(path: string): Step[] | undefined {
  const matches = [...path.matchAll(STEP)];
  const length = matches.reduce((sum, [text]) => sum + text.length, 0);
  return length === path.length ? matches.map(([, field, index, keys]) => stepOf(field, index, keys ?? '')) : undefined;
}

function stepOf(field: string | undefined, index: string | undefined, keys: string): Step {
  if (field !== undefined) return (key) => key === field;
  if (index !== undefined) return (key) => key === Number(index);
  const wanted = [...keys.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map(([, key, text]): [string, unknown] => [
    key ?? '',
    JSON.parse(text ?? 'null'),
  ]);
  return (_key, item) =>
    wanted.every(([key, value]) => isMap(item) && (item[key] === value || item[key] === undefined));
}

function without(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return value;
  const change = (item: unknown, key: string | number): unknown => (step(key, item) ? without(item, rest) : item);
  if (Array.isArray(value)) return value.map(change);
  if (!isMap(value)) return value;
  if (rest.length > 0) return mapValues(value, change);
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => !step(key, item)));
}
