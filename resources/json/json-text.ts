import { atOnce } from '../steps.ts';
import { isMap, mapValues, type JsonMap } from './json.ts';

/** Enough digits for a number that a double may not hold; most texts have no such number and are spared the slow path. */
const LONG_NUMBER = /\d{16}/;
const WHOLE = /^-?\d+$/;

/** What JSON.parse tells a reviver, and JSON.rawJSON, which TypeScript's library does not know yet. */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWith = JSON.parse as (text: string, reviver: Reviver) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/**
 * Somewhat deeper than values and objects may be nested here, so that what was deeper can be recognised. API servers store 10,000 levels;
 * walking a value takes stack for each.
 */
const MAX_PARSED_DEPTH = 1_100;

/**
 * As JSON.parse, except that whole numbers of 64 bits that a double does not hold become `bigint`s, since the API server keeps all their
 * digits. What is nested deeper than 1,100 levels becomes null. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return atOnce(parseJsonInSteps(text));
}

/** Like `parseJson`, in steps: it yields now and then, so that its caller can let others run. */
export function* parseJsonInSteps(text: string): Generator<undefined, unknown> {
  const value: unknown = JSON.parse(text);
  if (opensMore(text, MAX_PARSED_DEPTH)) {
    yield;
    if (nestsDeeper(text, MAX_PARSED_DEPTH)) return cutBelow(value, MAX_PARSED_DEPTH);
  }
  if (!LONG_NUMBER.test(text)) return value;
  yield;
  return parseWith(text, (_key, value, { source }) => {
    const isLong = typeof value === 'number' && !Number.isSafeInteger(value);
    return isLong && source !== undefined && WHOLE.test(source) ? wholeNumber(BigInt(source)) : value;
  });
}

/** Whether a text opens more brackets than there are `levels`: each level takes one. */
function opensMore(text: string, levels: number): boolean {
  let opened = 0;
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      opened += 1;
      if (opened > levels) return true;
    }
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The code of each closing one is that of the opening one plus two. */
const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * Whether a text of JSON has more brackets open at a time than `levels`. For many small values this takes a tenth of the time of walking
 * them once they are parsed.
 */
function nestsDeeper(text: string, levels: number): boolean {
  let open = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isInText = !isInText;
    else if (isInText) at += code === BACKSLASH ? 1 : 0;
    else if (code === BRACE || code === BRACKET) {
      open += 1;
      if (open > levels) return true;
    } else if (code === BRACE + 2 || code === BRACKET + 2) open -= 1;
  }
  return false;
}

/** Changes the value itself: lists and maps below this many levels become null. */
function cutBelow(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return null;
  for (const key of Object.keys(value)) {
    (value as JsonMap)[key] = cutBelow((value as JsonMap)[key], levels - 1);
  }
  return value;
}

/** The JSON of a value in which `bigint`s may stand for whole numbers. */
export function jsonOf(value: unknown, indent = 0): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    // Few values have a bigint, which JSON.stringify refuses; looking for them each time would take several times as long.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, item: unknown) => inJson(item), indent);
  }
}

/** The first `max` characters of the JSON of a value, at no more cost than writing these. */
export function jsonStart(value: unknown, max: number): string {
  if (typeof value === 'string') return jsonOf(value.slice(0, max)).slice(0, max);
  if (Array.isArray(value)) return joinedStart('[]', value, (item) => item, max);
  if (!isMap(value)) return jsonOf(value).slice(0, max);
  return joinedStart(
    '{}',
    Object.keys(value),
    (key) => value[key],
    max,
    (key) => `${jsonStart(key, max)}:`,
  );
}

function joinedStart<T>(
  [open = '', close = '']: string,
  items: readonly T[],
  valueOf: (item: T) => unknown,
  max: number,
  before: (item: T) => string = () => '',
): string {
  let text = open;
  for (const item of items) {
    if (text.length >= max) break;
    text += `${text === open ? '' : ','}${before(item)}`;
    text += jsonStart(valueOf(item), Math.max(0, max - text.length));
  }
  return `${text}${close}`.slice(0, max);
}

/** The value as JSON.stringify accepts it: a `bigint` as its digits. */
export function inJson(value: unknown): unknown {
  return typeof value === 'bigint' ? rawJSON(String(value)) : value;
}

/** The whole number as API servers take it: a `bigint` where 64 bits hold it and a double does not. */
export function wholeNumber(exact: bigint): number | bigint {
  const double = Number(exact);
  return Number.isSafeInteger(double) || BigInt.asIntN(64, exact) !== exact ? double : exact;
}

/** The value with the nearest double for each `bigint`. */
export function withFloat64Numbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withFloat64Numbers);
  return isMap(value) ? mapValues(value, withFloat64Numbers) : value;
}
