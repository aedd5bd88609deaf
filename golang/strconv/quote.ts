import { textOfBytes } from '../strings/index.ts';

/** A literal that Go's template parser would refuse, with its text. */
export class LiteralError extends Error {
  constructor(message = 'invalid syntax') {
    super(message);
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const SHORT_FORMS: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const CODED_ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/y;
const NEEDS_QUOTING = /[^ !#-[\]-~]/;

/** The text of a Go string literal in double quotes or backquotes; throws `LiteralError` where it is malformed. */
export function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return body.replaceAll('\r', '');
  if (!body.includes('\\')) return body;
  const pieces: (string | number)[] = [];
  for (let at = 0; at < body.length;) {
    const [piece, next] = readPiece(body, at, '"');
    pieces.push(piece);
    at = next;
  }
  return joinPieces(pieces);
}

/** The code point of a Go character literal with its quotes; throws `LiteralError` where there is not exactly one character. */
export function unquoteChar(literal: string): { readonly rune: number; readonly complete: boolean } {
  const first = literal[1];
  if (first === "'" || first === undefined) throw new LiteralError();
  const [piece, next] = readPiece(literal, 1, "'");
  const rune = typeof piece === 'number' ? piece : (piece.codePointAt(0) ?? 0);
  return { rune, complete: literal.slice(next) === "'" };
}

/** One character of a literal, as a string or as the value of a byte escape, and the offset after it. */
function readPiece(body: string, at: number, quote: string): [string | number, number] {
  if (body[at] !== '\\') {
    const char = String.fromCodePoint(body.codePointAt(at) ?? 0);
    return [char, at + char.length];
  }
  const letter = body[at + 1] ?? '';
  if (letter === quote) return [letter, at + 2];
  const simple = SIMPLE_ESCAPES[letter];
  return simple === undefined ? readCodedEscape(body, at) : [simple, at + 2];
}

function readCodedEscape(body: string, at: number): [string | number, number] {
  CODED_ESCAPE.lastIndex = at;
  const match = CODED_ESCAPE.exec(body);
  if (match === null) throw new LiteralError();
  const [all, hexByte, short, long, octal] = match;
  const next = at + all.length;
  if (hexByte !== undefined) return [Number.parseInt(hexByte, 16), next];
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    if (byte > 255) throw new LiteralError();
    return [byte, next];
  }
  const rune = Number.parseInt(short ?? long ?? '', 16);
  if (rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000)) throw new LiteralError();
  return [String.fromCodePoint(rune), next];
}

/** Byte escapes next to each other make UTF-8 text together. */
function joinPieces(pieces: readonly (string | number)[]): string {
  if (pieces.every((piece) => typeof piece === 'string' || piece < 128)) {
    return pieces.map((piece) => (typeof piece === 'string' ? piece : String.fromCharCode(piece))).join('');
  }
  return textOfBytes(
    Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : Buffer.of(piece)))),
  );
}

/** Whether Go's `unicode.IsPrint` holds for this one character. */
export function isPrintable(char: string): boolean {
  return PRINTABLE.test(char);
}

/** The string in Go's double-quoted syntax, as `strconv.Quote` (or `QuoteToASCII`) writes it. */
export function quote(text: string, mode: 'unicode' | 'ascii' = 'unicode'): string {
  if (!NEEDS_QUOTING.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const char of text) quoted += escapeChar(char, '"', mode);
  return `${quoted}"`;
}

/** The character in Go's single-quoted syntax, as `strconv.QuoteRune` writes it. */
export function quoteRune(char: string, mode: 'unicode' | 'ascii' = 'unicode'): string {
  return `'${escapeChar(char, "'", mode)}'`;
}

function escapeChar(char: string, delimiter: string, mode: 'unicode' | 'ascii'): string {
  if (char === delimiter) return `\\${char}`;
  const short = SHORT_FORMS[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if ((mode === 'unicode' || code < 128) && isPrintable(char)) return char;
  return numericEscape(code);
}

/** Bytes that are not valid UTF-8, which are kept as U+DC80 and up, show as the bytes that they are. */
function numericEscape(code: number): string {
  const byte = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  if (byte !== code || code < 32 || code === 127) return `\\x${byte.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
