import { jsonFault } from './fault.ts';

const MAX_DEPTH = 1000;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** What JSON holds, with `Map`s for objects. */
export type JsonMapValue = null | boolean | number | string | JsonMapValue[] | Map<string, JsonMapValue>;

/** A number that no float64 holds; `rest` is all that was read, with null for such numbers. */
export class JsonRangeError extends Error {
  readonly rest: JsonMapValue;

  constructor(number: string, rest: JsonMapValue) {
    super(`json: cannot unmarshal number ${number} into Go value of type float64`);
    this.rest = rest;
  }
}

/**
 * Reads JSON as Go's encoding/json does: numbers are float64, the last of equal keys counts. Throws an `Error` in Go's words, which is
 * a `JsonRangeError` where all but a number's size is right.
 */
export function readJson(text: string): JsonMapValue {
  const value = parse(text);
  if (typeof value === 'number') return isInRange(value) ? value : refuseRange(text, 0);
  let isWhole = true;
  const read = toMaps(value, 0, () => (isWhole = false));
  return isWhole ? read : refuseRange(text, read);
}

function refuseRange(text: string, rest: JsonMapValue): never {
  const [number = ''] = (text.match(STRING_OR_NUMBER) ?? []).filter((token) => Math.abs(Number(token)) === Infinity);
  throw new JsonRangeError(number, rest);
}

function isInRange(value: number): boolean {
  return Number.isFinite(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(jsonFault(text) ?? 'invalid JSON', { cause: error });
  }
}

function toMaps(value: unknown, depth: number, onRange: () => void): JsonMapValue {
  if (typeof value === 'number' && !isInRange(value)) {
    onRange();
    return null;
  }
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value as JsonMapValue;
  if (depth >= MAX_DEPTH) throw new Error('exceeded max depth');
  if (Array.isArray(value)) return value.map((item) => toMaps(item, depth + 1, onRange));
  const map = new Map<string, JsonMapValue>();
  for (const key of Object.keys(value))
    map.set(key.toWellFormed(), toMaps((value as Record<string, unknown>)[key], depth + 1, onRange));
  return map;
}
