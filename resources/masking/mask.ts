import { encodedIn, decodedTextsOf } from './decoded-texts.ts';
import { Search, type Span } from './search.ts';
import { atOnce } from '../steps.ts';

/** What stands in place of a secret. */
const MASK = '***';
/** Where there are more values than this, none is looked for. */
const MAX_VALUES = 20_000;
/** How many values are read before others may run. */
const VALUES_A_TURN = 1_000;
const TOO_MANY = `${MASK} (left out: there are more than ${MAX_VALUES} values from Secrets to mask)`;
/** Base64 within base64, as in a Docker configuration, and no deeper. */
const MAX_DEPTH = 2;

/**
 * Masks the secrets in a text; those of at least `anywhere` characters, 8 if it is not given, within words too. A generator: it yields now
 * and then, so that its caller can let others run.
 */
export type Mask = (text: string, anywhere?: number) => Generator<undefined, string>;

/**
 * A function that masks each of the values in a text: as it stands, indented, with the escapes of JSON or of a URL, and in base64 or
 * hexadecimal digits, alone or within a longer text. A value of 8 characters or more is found anywhere, one of 4 to 7 where it is a word of
 * its own, and shorter ones are not masked. Where there are more than 20,000 values, nothing of a text is shown.
 */
export function maskFor(values: Iterable<string>): (text: string) => string {
  const mask = atOnce(maskInSteps(values));
  return (text) => atOnce(mask(text));
}

/** Like `maskFor`; yields now and then, and wherever there is no value but undefined, so that its caller can let others run. */
export function* maskInSteps(values: Iterable<string | undefined>): Generator<undefined, Mask> {
  const known = new Set<string>();
  let count = 0;
  for (const value of values) {
    if (value !== undefined) known.add(value);
    if (known.size > MAX_VALUES) return leftOut;
    count += 1;
    if (value === undefined || count % VALUES_A_TURN === 0) yield;
  }
  yield;
  if (known.size === 0) return asItIs;
  const search = new Search(known);
  return function* masked(text, anywhere) {
    const spans = yield* spansIn(text, search, { depth: MAX_DEPTH, anywhere });
    return spans.length === 0 ? text : withMask(text, spans);
  };
}

// oxlint-disable-next-line require-yield
function* asItIs(text: string): Generator<undefined, string> {
  return text;
}

// oxlint-disable-next-line require-yield
function* leftOut(): Generator<undefined, string> {
  return TOO_MANY;
}

interface SpanOptions {
  /** How often what stands in a text may have been encoded. */
  depth: number;
  anywhere: number | undefined;
}

function* spansIn(text: string, search: Search, options: SpanOptions): Generator<undefined, Span[]> {
  const { depth, anywhere } = options;
  const spans: Span[] = [];
  for (const decoded of decodedTextsOf(text)) {
    for (const { start, end } of yield* search.spansIn(decoded.text, anywhere)) {
      spans.push({ start: decoded.startOf(start), end: decoded.endOf(end) });
    }
  }
  if (depth === 0) return spans;
  for (const { start, end, texts } of encodedIn(text)) {
    for (const each of texts) {
      const within = yield* spansIn(each, search, { depth: depth - 1, anywhere });
      if (within.length === 0) continue;
      spans.push({ start, end });
      break;
    }
  }
  return spans;
}

function withMask(text: string, spans: readonly Span[]): string {
  let masked = '';
  let last = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start >= last) masked += `${text.slice(last, start)}${MASK}`;
    last = Math.max(last, end);
  }
  return masked + text.slice(last);
}
