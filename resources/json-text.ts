import { isMap, mapValues } from './json.ts';

/** Digits enough for a number that a double may not hold; most texts have none, and are spared the slow way. */
const LONG_NUMBER = /\d{16}/;
const WHOLE = /^-?\d+$/;

/** What JSON.parse tells a reviver, and JSON.rawJSON, which TypeScript's library does not know yet. */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWith = JSON.parse as (text: string, reviver: Reviver) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/**
 * As JSON.parse, but for whole numbers of 64 bits that a double does not hold: these are `bigint`s, since the API server keeps all
 * their digits. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return parseWith(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && WHOLE.test(source) ? exactInteger(value, source) : value,
  );
}

function exactInteger(value: number, source: string): number | bigint {
  if (Number.isSafeInteger(value)) return value;
  const exact = BigInt(source);
  return BigInt.asIntN(64, exact) === exact ? exact : value;
}

/** The JSON of a value in which `bigint`s may stand for whole numbers. */
export function jsonOf(value: unknown, replace: (item: unknown) => unknown = (item) => item, indent = 0): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? rawJSON(String(item)) : replace(item)),
    indent,
  );
}

/** The value with the nearest double for each `bigint`. */
export function inDoubles(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(inDoubles);
  return isMap(value) ? mapValues(value, inDoubles) : value;
}
