import { BACKSLASH, DOUBLE_QUOTE, isBlank, isBreak, isBreakOrEnd, SINGLE_QUOTE } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { foldedBreaks } from './plain.ts';

/** Passes the scalar in single or double quotes that begins here and returns what it says. */
export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.code();
  cursor.at++;
  let text = '';
  for (;;) {
    if (cursor.isAtDocumentMarker()) cursor.fail('found unexpected document indicator');
    text += quote === SINGLE_QUOTE ? passSingle(cursor) : passDouble(cursor);
    const code = cursor.code();
    if (code === quote) break;
    if (code === 0) cursor.fail('found unexpected end of stream');
    text += passLineBreaks(cursor);
  }
  cursor.at++;
  return text;
}

/** Passes what is left of the line for the scalar; blanks before the line's end are not returned. */
function passSingle(cursor: Cursor): string {
  let text = '';
  let start = cursor.at;
  for (let code = cursor.code(); !isBreakOrEnd(code); code = cursor.code()) {
    cursor.at++;
    if (code !== SINGLE_QUOTE) continue;
    if (cursor.code() !== SINGLE_QUOTE) {
      cursor.at--;
      return text + cursor.text.slice(start, cursor.at);
    }
    text += cursor.text.slice(start, cursor.at);
    start = ++cursor.at;
  }
  return text + withoutBlanks(cursor, start);
}

function passDouble(cursor: Cursor): string {
  let text = '';
  let start = cursor.at;
  for (let code = cursor.code(); !isBreakOrEnd(code); code = cursor.code()) {
    if (code === DOUBLE_QUOTE) return text + cursor.text.slice(start, cursor.at);
    if (code !== BACKSLASH) {
      cursor.at++;
      continue;
    }
    text += cursor.text.slice(start, cursor.at);
    if (isBreak(cursor.code(1))) return text;
    text += passEscape(cursor);
    start = cursor.at;
  }
  return text + withoutBlanks(cursor, start);
}

function withoutBlanks(cursor: Cursor, start: number): string {
  let end = cursor.at;
  while (end > start && isBlank(cursor.text.charCodeAt(end - 1))) end--;
  return cursor.text.slice(start, end);
}

/** Passes the line breaks here, escaped or not, with the indentation after them; returns what they are folded to. */
function passLineBreaks(cursor: Cursor): string {
  const escaped = cursor.code() === BACKSLASH;
  if (escaped) cursor.at++;
  const first = cursor.passBreak();
  let more = '';
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBreak(code)) more += cursor.passBreak();
    else cursor.at++;
  }
  return escaped ? more : foldedBreaks(first, more);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const CODE_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function passEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at + 1] ?? '';
  const plain = ESCAPES[letter];
  const digits = CODE_DIGITS[letter];
  if (plain === undefined && digits === undefined) cursor.fail('found unknown escape character');
  cursor.at += 2;
  return plain ?? passCode(cursor, digits ?? 0);
}

function passCode(cursor: Cursor, digits: number): string {
  const text = cursor.text.slice(cursor.at, cursor.at + digits);
  if (text.length < digits || !/^[0-9a-fA-F]+$/.test(text)) cursor.fail('did not find expected hexdecimal number');
  const value = Number.parseInt(text, 16);
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    cursor.fail('found invalid Unicode character escape code');
  }
  cursor.at += digits;
  return String.fromCodePoint(value);
}
