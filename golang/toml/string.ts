import { quote } from '../strconv/index.ts';
import { END, isLineEnd, type TomlCursor, TomlFault } from './cursor.ts';

/** Reads a string from after its opening quotes to after its closing ones; escapes stay as they are. */
export function lexString(cursor: TomlCursor): string {
  const start = cursor.offset;
  for (let char = cursor.next(); char !== '"'; char = cursor.next()) {
    if (char === END) throw cursor.fault(`unexpected EOF; expected '"'`);
    if (isLineEnd(char)) throw cursor.faultBefore('strings cannot contain newlines');
    if (char === '\\') lexEscape(cursor, start);
  }
  return cursor.since(start).slice(0, -1);
}

/** Reads a string without escapes. */
export function lexRawString(cursor: TomlCursor): string {
  const start = cursor.offset;
  for (let char = cursor.next(); char !== "'"; char = cursor.next()) {
    if (char === END) throw cursor.fault(`unexpected EOF; expected "'"`);
    if (isLineEnd(char)) throw cursor.faultBefore('strings cannot contain newlines');
  }
  return cursor.since(start).slice(0, -1);
}

/** Reads a string of several lines; `mark` three times ends it. Up to two further ones before that are part of it. */
export function lexLongString(cursor: TomlCursor, mark: '"' | "'"): string {
  const start = cursor.offset;
  for (;;) {
    const char = cursor.next();
    if (char === END) throw cursor.fault(`unexpected EOF; expected ${marks(mark, 3)}`);
    if (char === '\\' && mark === '"') lexLongEscape(cursor, start);
    if (char !== mark || !cursor.accept(mark) || !cursor.accept(mark)) continue;
    if (cursor.peek() !== mark) return cursor.since(start).slice(0, -3);
    if (endsInFive(cursor.since(start), mark)) throw cursor.fault(`unexpected ${marks(mark, 6)}`);
    cursor.back();
    cursor.back();
  }
}

function endsInFive(text: string, mark: '"' | "'"): boolean {
  return text.endsWith(mark.repeat(5)) && !(mark === '"' && text.endsWith('\\"""""'));
}

function marks(mark: '"' | "'", count: number): string {
  const other = mark === '"' ? "'" : '"';
  return other + mark.repeat(count) + other;
}

function lexLongEscape(cursor: TomlCursor, start: number): void {
  if (isLineEnd(cursor.peek())) cursor.next();
  else lexEscape(cursor, start);
}

const CODED: Readonly<Record<string, readonly [length: number, number: string]>> = {
  x: [2, 'two'],
  u: [4, 'four'],
  U: [8, 'eight'],
};

function lexEscape(cursor: TomlCursor, start: number): void {
  const letter = cursor.next();
  const [length, number] = CODED[letter] ?? [0, ''];
  if (length === 0 && !/^[ebtnfr" \t\\]$/.test(letter)) {
    throw cursor.faultOfEscape(`invalid escape in string '\\${letter || '\0'}'`);
  }
  for (let i = 0; i < length; i++) {
    if (/^[\da-fA-F]$/.test(cursor.next())) continue;
    throw cursor.fault(
      `expected ${number} hexadecimal digits after '\\${letter}', but got ${quote(cursor.since(start))} instead`,
    );
  }
}

const SIMPLE: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\x1b',
  '"': '"',
  '\\': '\\',
};
const ESCAPE = /\\(?:x(..)|u(.{4})|U(.{8})|(.))/gsu;

/** The text that a string between double quotes stands for. */
export function unescaped(text: string, line: number): string {
  return text.replaceAll(ESCAPE, (_all, ...groups: (string | undefined)[]) => {
    const [two, four, eight, simple] = groups;
    const digits = two ?? four ?? eight;
    if (digits !== undefined) return codePoint(digits, line);
    const char = SIMPLE[simple ?? ''];
    if (char === undefined) throw new TomlFault(`invalid escape: '\\${simple}'`, line);
    return char;
  });
}

function codePoint(digits: string, line: number): string {
  const code = Number.parseInt(digits, 16);
  if (code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return String.fromCodePoint(code);
  throw new TomlFault(`Escaped character '\\u${digits}' is not valid UTF-8.`, line);
}

/** The text of a string of several lines without its first line end, and without line ends that are escaped and space after them. */
export function unfolded(text: string): string {
  return withoutFirstLineEnd(text).replaceAll(/\\\\|\\[ \t\r]*\n[ \t\r\n]*/g, (all) => (all === '\\\\' ? all : ''));
}

/** The text of a string of several lines without its first line end. */
export function withoutFirstLineEnd(text: string): string {
  return text.replace(/^\r?\n/, '');
}
