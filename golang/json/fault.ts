import { quote } from '../strconv/index.ts';

/** Why a text is not JSON, in the words of Go's encoding/json; `undefined` where it is JSON. */
export function jsonFault(text: string): string | undefined {
  try {
    new Scanner(text).document();
    return undefined;
  } catch (error) {
    if (error instanceof JsonFault) return error.message;
    // Deeper than the stack allows, which is far deeper than Go allows.
    if (error instanceof RangeError) return 'exceeded max depth';
    throw error;
  }
}

class JsonFault extends Error {}

const SPACE = /[ \t\r\n]/;
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** Go's scanner for JSON, as far as its errors go. */
class Scanner {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#chars = Array.from(text);
  }

  document(): void {
    this.#value();
    this.#skipSpace();
    if (this.#peek() !== undefined) this.#fail('after top-level value');
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #skipSpace(): void {
    while (SPACE.test(this.#peek() ?? '')) this.#at++;
  }

  #fail(context: string): never {
    const char = this.#peek();
    if (char === undefined) throw new JsonFault('unexpected end of JSON input');
    throw new JsonFault(`invalid character ${quoted(char)} ${context}`);
  }

  /** As `fail`, inside a word or number: there Go sees the end of the text as a space. */
  #failInside(context: string): never {
    if (this.#peek() === undefined) throw new JsonFault(`invalid character ' ' ${context}`);
    this.#fail(context);
  }

  #value(): void {
    this.#skipSpace();
    const char = this.#peek() ?? '';
    if (char === '{') this.#object();
    else if (char === '[') this.#array();
    else if (char === '"') this.#string();
    else if (/[-0-9]/.test(char)) this.#number();
    else if (LITERALS[char] !== undefined) this.#literal(LITERALS[char]);
    else this.#fail('looking for beginning of value');
  }

  #object(): void {
    this.#at++;
    this.#skipSpace();
    if (this.#peek() === '}') return void this.#at++;
    for (;;) {
      this.#skipSpace();
      if (this.#peek() !== '"') this.#fail('looking for beginning of object key string');
      this.#string();
      this.#skipSpace();
      if (this.#peek() !== ':') this.#fail('after object key');
      this.#at++;
      this.#value();
      if (this.#closes('}', 'after object key:value pair')) return;
    }
  }

  #array(): void {
    this.#at++;
    this.#skipSpace();
    if (this.#peek() === ']') return void this.#at++;
    do this.#value();
    while (!this.#closes(']', 'after array element'));
  }

  /** Whether the collection ends here; a comma means that it does not. */
  #closes(end: string, context: string): boolean {
    this.#skipSpace();
    const char = this.#peek();
    if (char !== end && char !== ',') this.#fail(context);
    this.#at++;
    return char === end;
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const char = this.#peek();
      if (char === undefined || char < ' ') this.#fail('in string literal');
      this.#at++;
      if (char === '"') return;
      if (char === '\\') this.#escape();
    }
  }

  #escape(): void {
    const char = this.#peek() ?? '';
    if (!/[bfnrt\\/"u]/.test(char)) this.#failInside('in string escape code');
    this.#at++;
    if (char !== 'u') return;
    for (let i = 0; i < 4; i++, this.#at++) {
      if (!/[0-9a-fA-F]/.test(this.#peek() ?? '')) this.#failInside('in \\u hexadecimal character escape');
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at++;
    if (this.#peek() === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.#peek() === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (!/[eE]/.test(this.#peek() ?? '')) return;
    this.#at++;
    if (/[-+]/.test(this.#peek() ?? '')) this.#at++;
    this.#digits('in exponent of numeric literal');
  }

  #digits(context: string): void {
    if (!/[0-9]/.test(this.#peek() ?? '')) this.#failInside(context);
    while (/[0-9]/.test(this.#peek() ?? '')) this.#at++;
  }

  #literal(word: string): void {
    for (const expected of word) {
      if (this.#peek() !== expected) this.#failInside(`in literal ${word} (expecting '${expected}')`);
      this.#at++;
    }
  }
}

function quoted(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return `'"'`;
  // Go names the first byte of the character.
  return `'${quote(String.fromCharCode(Buffer.from(char)[0] ?? 0)).slice(1, -1)}'`;
}
