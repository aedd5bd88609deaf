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
 * A function that masks each of the values in a text: as it stands, with the escapes of JSON or of a URL, and in base64 or hexadecimal
 * digits, alone or within a longer text. A value of 8 characters or more is found anywhere, one of 4 to 7 where it is a word of its own,
 * and shorter ones are not masked. Where there are more than 20,000 values, nothing of a text is shown.
 */
export function maskFor(values: Iterable<string>): (text: string) => string {
  return atOnce(maskInSteps(values));
}

/** Like `maskFor`; yields now and then, so that its caller can let others run. */
export function* maskInSteps(values: Iterable<string>): Generator<undefined, (text: string) => string> {
  const known = new Set<string>();
  let count = 0;
  for (const value of values) {
    known.add(value);
    if (known.size > MAX_VALUES) return () => TOO_MANY;
    count += 1;
    if (count % VALUES_A_TURN === 0) yield;
  }
  yield;
  if (known.size === 0) return (text) => text;
  const search = new Search(known);
  return (text) => withMask(text, spansIn(text, search, MAX_DEPTH));
}

function spansIn(text: string, search: Search, depth: number): Span[] {
  const spans: Span[] = [];
  for (const decoded of decodedTextsOf(text)) {
    for (const { start, end } of search.spansIn(decoded.text)) {
      spans.push({ start: decoded.startOf(start), end: decoded.endOf(end) });
    }
  }
  if (depth === 0) return spans;
  for (const { start, end, texts } of encodedIn(text)) {
    if (texts.some((each) => spansIn(each, search, depth - 1).length > 0)) spans.push({ start, end });
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
