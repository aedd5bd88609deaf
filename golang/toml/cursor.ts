import { quoteRune } from '../strconv/index.ts';

/** What is wrong with a text, and the line that BurntSushi/toml gives for it. */
export class TomlFault extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** The end of the text, as a character. */
export const END = '';

const NO_UTF8 = /^[\udc80-\udcff]$/;

export function isSpace(char: string): boolean {
  return char === ' ' || char === '\t';
}

export function isLineEnd(char: string): boolean {
  return char === '\n' || char === '\r';
}

export function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

/** How messages show a character that was found. */
export function shown(char: string): string {
  return quoteRune(char === END ? '\0' : char);
}

/** A place in a text that moves by characters and counts lines. Throws `TomlFault` at characters that TOML never has. */
export class TomlCursor {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #isAtEnd = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The line, from 1. */
  get lineNumber(): number {
    return this.#line;
  }

  /** The offset, for `since`. */
  get offset(): number {
    return this.#at;
  }

  since(offset: number): string {
    return this.#text.slice(offset, this.#at);
  }

  /** Moves over a character and returns it, or `END`. */
  next(): string {
    const code = this.#text.codePointAt(this.#at);
    this.#isAtEnd = code === undefined;
    if (code === undefined) return END;
    const char = String.fromCodePoint(code);
    if (NO_UTF8.test(char)) throw this.fault(`invalid UTF-8 byte: 0x${hex(code - 0xdc00)}`);
    if (isControl(code) || (char === '\r' && this.#text[this.#at + 1] !== '\n')) {
      throw this.fault(`TOML files cannot contain control characters: '0x${hex(code)}'`);
    }
    if (char === '\n') this.#line++;
    this.#at += char.length;
    return char;
  }

  /** Takes the last `next` back. */
  back(): void {
    if (this.#isAtEnd) {
      this.#isAtEnd = false;
      return;
    }
    const isPair = (this.#text.codePointAt(this.#at - 2) ?? 0) > 0xffff;
    this.#at -= isPair ? 2 : 1;
    if (this.#text[this.#at] === '\n') this.#line--;
  }

  peek(): string {
    const char = this.next();
    this.back();
    return char;
  }

  /** Moves over the character if it is this one. */
  accept(char: string): boolean {
    if (this.next() === char) return true;
    this.back();
    return false;
  }

  /** Moves over all characters of a kind. */
  skip(isOne: (char: string) => boolean): void {
    while (isOne(this.next()));
    this.back();
  }

  /** Something wrong with the character that `next` gave last; an end counts to the line before it. */
  fault(message: string): TomlFault {
    return new TomlFault(message, this.#isAtEnd && this.#text[this.#at - 1] === '\n' ? this.#line - 1 : this.#line);
  }

  /** Something wrong with the line end that `next` gave last. */
  faultBefore(message: string): TomlFault {
    return new TomlFault(message, this.#line - 1);
  }

  /** Something wrong with an escape, whose line is the one before where the text ends in it. */
  faultOfEscape(message: string): TomlFault {
    return this.#isAtEnd ? this.faultBefore(message) : this.fault(message);
  }
}

/** Whether it is a control character other than a tab or one that ends a line. */
function isControl(code: number): boolean {
  return code === 0x7f || (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d);
}

function hex(code: number): string {
  return code.toString(16).padStart(2, '0');
}
