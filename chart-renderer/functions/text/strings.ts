import { printAny, sprintf } from '../../../golang/fmt/index.ts';
import { type Value, withGoType } from '../../../golang/reflect/index.ts';
import { quote } from '../../../golang/strconv/index.ts';
import { byBytes, byteLength, bytesOfText, isSpace, sliceBytes, withoutSpace } from '../../../golang/strings/index.ts';
import { define, defineContextual, defineVariadic } from '../../../golang/template/index.ts';
import { toText } from '../cast.ts';
import type { FunctionEntries } from '../entries.ts';
import { checkTextSize } from '../limits.ts';
import { stringSlice } from '../list-values.ts';

const repeat = defineContextual(['int', 'string'], (context, count, text) => {
  if (count < 0) throw new Error('strings: negative Repeat count');
  checkTextSize(text.length * count);
  context.charge(text.length * count);
  return text.repeat(count);
});

function indented(spaces: number, text: string): string {
  if (spaces < 0) throw new Error('strings: negative Repeat count');
  const pad = padding(spaces);
  if (!text.includes('\n')) return pad + text;
  if (spaces > 64) checkTextSize(text.split('\n').length * spaces);
  return pad + text.replaceAll('\n', `\n${pad}`);
}

function padding(spaces: number): string {
  checkTextSize(spaces);
  return ' '.repeat(spaces);
}

const substr = define(['int', 'int', 'string'], (start, end, text) => {
  if (start < 0) return sliceBytes(text, 0, end);
  const length = byteLength(text);
  return sliceBytes(text, start, end < 0 || end > length ? length : end);
});

const trunc = define(['int', 'string'], (size, text) => {
  const length = byteLength(text);
  if (size < 0) return length + size > 0 ? sliceBytes(text, length + size, length) : text;
  return length > size ? sliceBytes(text, 0, size) : text;
});

function trimmedOf(text: string, cutset: string): string {
  const cut = new Set(cutset);
  let start = 0;
  let end = text.length;
  while (start < end && cut.has(charAt(text, start))) start += charAt(text, start).length;
  while (start < end && cut.has(charBefore(text, end))) end -= charBefore(text, end).length;
  return text.slice(start, end);
}

function charAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function charBefore(text: string, end: number): string {
  const pair = end > 1 ? charAt(text, end - 2) : '';
  return pair.length === 2 ? pair : text.charAt(end - 1);
}

const trimAll = define(['string', 'string'], (cutset, text) => trimmedOf(text, cutset));

function replaced(from: string, to: string, text: string): string {
  if (from !== '') {
    checkTextSize(to.length > from.length ? (text.length / from.length) * to.length : 0);
    return text.replaceAll(from, () => to);
  }
  const chars = Array.from(text);
  checkTextSize(text.length + (chars.length + 1) * to.length);
  return to + chars.map((char) => char + to).join('');
}

function splitText(text: string, separator: string): string[] {
  return separator === '' ? Array.from(text) : text.split(separator);
}

function splitLimited(text: string, separator: string, limit: number): string[] {
  if (limit === 0) return [];
  const parts = splitText(text, separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
}

/** The parts under the keys _0, _1 and so on. */
function numbered(parts: readonly string[]): Value {
  return withGoType(new Map<string, Value>(parts.map((part, i) => [`_${i}`, part])), 'map[string]string');
}

function abbreviated(text: string, offset: number, width: number): string {
  if (text.length <= width) return text;
  const kept = width - 3;
  let from = Math.min(offset, text.length);
  if (text.length - from < kept) from = text.length - kept;
  if (from <= 4) return `${text.slice(0, kept)}...`;
  if (width < 7) return '';
  if (from + kept < text.length) return `...${abbreviated(text.slice(from), 0, kept)}`;
  return `...${text.slice(text.length - kept)}`;
}

const abbrev = define(['int', 'string'], (width, text) =>
  width < 4 ? text : byBytes(text, (bytes) => abbreviated(bytes, 0, width)),
);

const abbrevboth = define(['int', 'int', 'string'], (left, right, text) =>
  right < 4 || (left > 0 && right < 7) ? text : byBytes(text, (bytes) => abbreviated(bytes, left, right)),
);

/** The bytes of a text as characters, which is what goutils takes them for. */
function latin1Of(text: string): string {
  return /[^\0-\x7f]/.test(text) ? bytesOfText(text).toString('latin1') : text;
}

/** Text that has spaces comes out as its bytes, as goutils has it. */
function spacesRemoved(text: string): string {
  const bytes = latin1Of(text);
  const rest = withoutSpace(bytes);
  return rest.length === bytes.length ? text : rest;
}

/** The first byte of each word, as goutils has it. */
function initialsOf(bytes: string): string {
  let result = '';
  let atGap = true;
  for (const char of bytes) {
    const space = isSpace(char);
    if (!space && atGap) result += char;
    atGap = space;
  }
  return result;
}

const quoteAll = defineVariadic([], 'any', (...values) =>
  values
    .filter((value) => value !== null)
    .map((value) => quote(toText(value)))
    .join(' '),
);

const squote = defineVariadic([], 'any', (...values) =>
  values
    .filter((value) => value !== null)
    .map((value) => `'${printAny(value)}'`)
    .join(' '),
);

const cat = defineVariadic([], 'any', (...values) => {
  const present = values.filter((value) => value !== null);
  return sprintf('%v '.repeat(present.length).trim(), present);
});

/** Sprig's functions on text, except those that change case, wrap, encode or draw at random. */
export const stringFunctions: FunctionEntries = [
  ['repeat', repeat],
  ['indent', define(['int', 'string'], indented)],
  ['nindent', define(['int', 'string'], (spaces, text) => `\n${indented(spaces, text)}`)],
  ['substr', substr],
  ['trunc', trunc],
  ['trimall', trimAll],
  ['trimAll', trimAll],
  [
    'trimSuffix',
    define(['string', 'string'], (end, text) => (text.endsWith(end) ? text.slice(0, text.length - end.length) : text)),
  ],
  [
    'trimPrefix',
    define(['string', 'string'], (start, text) => (text.startsWith(start) ? text.slice(start.length) : text)),
  ],
  ['nospace', define(['string'], spacesRemoved)],
  ['contains', define(['string', 'string'], (part, text) => text.includes(part))],
  ['hasPrefix', define(['string', 'string'], (start, text) => text.startsWith(start))],
  ['hasSuffix', define(['string', 'string'], (end, text) => text.endsWith(end))],
  ['replace', define(['string', 'string', 'string'], replaced)],
  ['splitList', define(['string', 'string'], (separator, text) => stringSlice(splitText(text, separator)))],
  ['split', define(['string', 'string'], (separator, text) => numbered(splitText(text, separator)))],
  [
    'splitn',
    define(['string', 'int', 'string'], (separator, limit, text) => numbered(splitLimited(text, separator, limit))),
  ],
  ['abbrev', abbrev],
  ['abbrevboth', abbrevboth],
  ['initials', define(['string'], (text) => initialsOf(latin1Of(text)))],
  ['plural', define(['string', 'string', 'int'], (one, many, count) => (count === 1 ? one : many))],
  ['quote', quoteAll],
  ['squote', squote],
  ['cat', cat],
  ['toString', define(['any'], toText)],
  ['hello', define([], () => 'Hello!')],
];
