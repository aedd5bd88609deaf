import type { GoMap, Value } from '../reflect/index.ts';
import { quote } from '../strconv/index.ts';
import { bytesOfText } from '../strings/index.ts';
import { END, isLineEnd, isSpace, shown, TomlCursor, TomlFault } from './cursor.ts';
import { tomlDate } from './date.ts';
import { floatOfToml, integerOfToml, lexNumberOrDate, lexSigned, type NumberToken } from './number.ts';
import { checkDepth } from './place.ts';
import { lexLongString, lexRawString, lexString, unescaped, unfolded, withoutFirstLineEnd } from './string.ts';
import { TomlTables } from './tables.ts';

/**
 * Reads TOML into template values as BurntSushi/toml does: integers are int64, dates are times. Throws an `Error` in its words.
 */
export function readToml(text: string): GoMap {
  const tables = new TomlTables();
  try {
    if (bytesOfText(text.slice(0, 6)).subarray(0, 6).includes(0)) {
      throw new TomlFault('files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8', 1);
    }
    new TomlReader(text.replace(/^\ufeff/, ''), tables).document();
    return tables.root;
  } catch (error) {
    if (!(error instanceof TomlFault)) throw error;
    const { lastKey } = tables;
    const key = lastKey === '' ? '' : ` (last key ${quote(lastKey)})`;
    throw new Error(`toml: line ${error.line}${key}: ${error.message}`, { cause: error });
  }
}

class TomlReader {
  readonly #cursor: TomlCursor;
  readonly #tables: TomlTables;
  #depth = 0;

  constructor(text: string, tables: TomlTables) {
    this.#cursor = new TomlCursor(text);
    this.#tables = tables;
  }

  document(): void {
    for (let char = this.#cursor.next(); char !== END; char = this.#cursor.next()) {
      if (isSpace(char) || isLineEnd(char)) continue;
      if (char === '#') {
        this.#comment();
        continue;
      }
      if (char === '[') this.#header();
      else {
        this.#cursor.back();
        this.#pair();
        this.#tables.key = '';
      }
      this.#endOfLine();
    }
  }

  #comment(): void {
    this.#cursor.skip((char) => char !== END && !isLineEnd(char));
  }

  #endOfLine(): void {
    this.#cursor.skip(isSpace);
    const char = this.#cursor.next();
    if (char === '#') this.#comment();
    else if (char === END) this.#cursor.back();
    else if (!isLineEnd(char)) {
      const wanted = 'expected a top-level item to end with a newline, comment, or EOF';
      throw this.#cursor.fault(`${wanted}, but got ${shown(char)} instead`);
    }
  }

  #header(): void {
    const isList = this.#cursor.accept('[');
    const path = this.#path(']', () => this.#headerName(), "expected '.' or ']' to end table name");
    if (isList) {
      const char = this.#cursor.next();
      if (char !== ']') {
        throw this.#cursor.fault(`expected end of table array name delimiter ']', but got ${shown(char)} instead`);
      }
    }
    this.#tables.enterHeader(path, isList ? 'table of a list' : 'table');
    this.#tables.record('', 'no list');
  }

  #headerName(): string {
    this.#cursor.skip(isSpace);
    const char = this.#cursor.peek();
    if (char === ']' || char === END) {
      throw this.#cursor.fault('unexpected end of table name (table names cannot be empty)');
    }
    if (char === '.') throw this.#cursor.fault('unexpected table separator (table names cannot be empty)');
    return this.#name(char);
  }

  /** A part of a key that begins with this character; it may be empty where there is no quote, for what ends it to be refused. */
  #name(first: string): string {
    const cursor = this.#cursor;
    if (first === '"' || first === "'") {
      cursor.next();
      if (first === "'") return lexRawString(cursor);
      const text = lexString(cursor);
      return unescaped(text, cursor.lineNumber);
    }
    const start = cursor.offset;
    cursor.skip((char) => /^[A-Za-z0-9_-]$/.test(char));
    return cursor.since(start);
  }

  /** The parts of a key up to what ends it. */
  #path(end: string, readName: () => string, wanted: string): string[] {
    const cursor = this.#cursor;
    const parts: string[] = [];
    for (;;) {
      parts.push(readName());
      if (parts.length === 1) this.#tables.line = cursor.lineNumber;
      cursor.skip(isSpace);
      const char = cursor.next();
      if (char === end) return parts;
      if (char === '.') continue;
      if (end === '=' && char === END) throw cursor.fault("unexpected EOF; expected key separator '='");
      const message = `${wanted}, but got ${shown(char)} instead`;
      throw end === '=' && char === '\n' ? cursor.faultBefore(message) : cursor.fault(message);
    }
  }

  #keyName(isFirst: boolean): string {
    this.#cursor.skip(isSpace);
    const char = this.#cursor.peek();
    if (char === '=' || char === END) {
      throw this.#cursor.fault(isFirst ? "unexpected '=': key name appears blank" : "unexpected '='");
    }
    if (char === '.') {
      throw this.#cursor.fault(isFirst ? "unexpected '.': keys cannot start with a '.'" : "unexpected '.'");
    }
    return this.#name(char);
  }

  /** A key with its value, put into the table at hand. */
  #pair(): void {
    const tables = this.#tables;
    const outer = tables.context;
    let isFirst = true;
    const readName = (): string => {
      const name = this.#keyName(isFirst);
      isFirst = false;
      return name;
    };
    const path = this.#path('=', readName, "expected '.' or '='");
    const name = path.at(-1) ?? '';
    tables.key = name;
    for (const part of path.slice(0, -1)) tables.enterImplied(part);
    const value = this.#value(false);
    tables.set(name, value);
    tables.record(name, Array.isArray(value) ? 'list' : 'no list');
    tables.context = outer;
  }

  #value(isInList: boolean): Value {
    const cursor = this.#cursor;
    cursor.skip(isSpace);
    const start = cursor.offset;
    const char = cursor.next();
    if (char === '[') return this.#nested(() => this.#list());
    if (char === '{') return this.#nested(() => this.#inlineTable(isInList));
    if (char === '"' || char === "'") return this.#text(char);
    if (char === '.') throw cursor.fault("floats must start with a digit, not '.'");
    if (char === '-' || char === '+') return this.#number(lexSigned(cursor, start));
    if (/^\d$/.test(char)) {
      cursor.back();
      return this.#number(lexNumberOrDate(cursor, start));
    }
    return this.#word(char);
  }

  #nested(read: () => Value): Value {
    checkDepth(++this.#depth);
    const value = read();
    this.#depth--;
    return value;
  }

  #word(first: string): Value {
    const cursor = this.#cursor;
    if (first === 'i' || first === 'n') {
      if (cursor.accept('n') && cursor.accept('f')) return Infinity;
      if (cursor.accept('a') && cursor.accept('n')) return Number.NaN;
    }
    if (isLetter(first)) return this.#flag();
    if (first === END) throw cursor.fault('unexpected EOF; expected value');
    const message = `expected value but found ${shown(first)} instead`;
    throw first === '\n' ? cursor.faultBefore(message) : cursor.fault(message);
  }

  /** True or false, whose first letter was read; of what is neither, messages tell the rest. */
  #flag(): boolean {
    const cursor = this.#cursor;
    cursor.back();
    const start = cursor.offset;
    cursor.skip(isLetter);
    const word = cursor.since(start);
    if (word === 'true' || word === 'false') return word === 'true';
    throw cursor.fault(`expected value but found ${quote(word)} instead`);
  }

  #number({ kind, text }: NumberToken): Value {
    const line = this.#cursor.lineNumber;
    if (kind === 'integer') return integerOfToml(text, line);
    if (kind === 'float') return floatOfToml(text, line);
    const iso = text.replaceAll(/[zt ]/g, (char) => (char === 'z' ? 'Z' : 'T'));
    const date = tomlDate(iso);
    if (date === undefined) throw new TomlFault(`invalid datetime: ${quote(iso)}`, line);
    return date;
  }

  #text(mark: '"' | "'"): string {
    const cursor = this.#cursor;
    const isLong = cursor.accept(mark) && (cursor.accept(mark) || this.#isEmpty());
    if (mark === "'") return isLong ? withoutFirstLineEnd(lexLongString(cursor, mark)) : lexRawString(cursor);
    const text = isLong ? unfolded(lexLongString(cursor, mark)) : lexString(cursor);
    return unescaped(text, cursor.lineNumber);
  }

  /** Takes back the second of two quotes, which end an empty string. */
  #isEmpty(): false {
    this.#cursor.back();
    return false;
  }

  #list(): Value[] {
    const cursor = this.#cursor;
    const tables = this.#tables;
    tables.record(tables.key, 'list');
    const items: Value[] = [];
    for (;;) {
      this.#space();
      const first = cursor.next();
      if (first === ',') throw cursor.fault('unexpected comma');
      if (first === ']') return items;
      cursor.back();
      items.push(this.#value(true));
      this.#space();
      const char = cursor.next();
      if (char === ']') return items;
      if (char !== ',') {
        throw cursor.fault(`expected a comma (',') or array terminator (']'), but got ${found(char)}`);
      }
    }
  }

  #inlineTable(isInList: boolean): GoMap {
    const tables = this.#tables;
    const { context, key } = tables;
    const table = tables.enterInline(isInList);
    this.#inlinePairs();
    tables.context = context;
    tables.key = key;
    return table;
  }

  #inlinePairs(): void {
    const cursor = this.#cursor;
    for (;;) {
      this.#space();
      const first = cursor.next();
      if (first === ',') throw cursor.fault('unexpected comma');
      if (first === '}') return;
      cursor.back();
      this.#pair();
      this.#space();
      const char = cursor.next();
      if (char === '}') return;
      if (char !== ',') {
        throw cursor.fault(`expected a comma or an inline table terminator '}', but got ${found(char)} instead`);
      }
    }
  }

  /** Space, line ends and comments. */
  #space(): void {
    this.#cursor.skip((char) => isSpace(char) || isLineEnd(char));
    while (this.#cursor.accept('#')) {
      this.#comment();
      this.#cursor.skip((char) => isSpace(char) || isLineEnd(char));
    }
  }
}

function isLetter(char: string): boolean {
  return /^\p{L}$/u.test(char);
}

function found(char: string): string {
  return char === END ? 'end of file' : `'${char}'`;
}
