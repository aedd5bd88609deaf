import { jsonFault } from './json-fault.ts';

const MAX_DEPTH = 1000;

/** What JSON holds, with `Map`s for objects. */
export type JsonMapValue = null | boolean | number | string | JsonMapValue[] | Map<string, JsonMapValue>;

/** Reads JSON as Go's encoding/json does: numbers are float64, the last of equal keys counts. Throws an `Error` in Go's words. */
export function readJson(text: string): JsonMapValue {
  return toMaps(parse(text), 0);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(jsonFault(text) ?? 'invalid JSON', { cause: error });
  }
}

function toMaps(value: unknown, depth: number): JsonMapValue {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error('json: cannot unmarshal number into Go value of type float64');
  }
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value as JsonMapValue;
  if (depth >= MAX_DEPTH) throw new Error('exceeded max depth');
  if (Array.isArray(value)) return value.map((item) => toMaps(item, depth + 1));
  const map = new Map<string, JsonMapValue>();
  for (const key of Object.keys(value))
    map.set(key.toWellFormed(), toMaps((value as Record<string, unknown>)[key], depth + 1));
  return map;
}
