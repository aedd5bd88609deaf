import { isPrintable, quote } from '../../strconv/index.ts';
import { describeChar, flagsOf, isAsciiLetter, isDigit, isSpace } from './characters.ts';
import { KEYWORDS, type TokenType } from './tokens.ts';

const SINGLE: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ['=', 'assign'],
  ['|', 'pipe'],
]);

/** What may follow a name; a right delimiter may too. */
const TERMINATORS = flagsOf(' \t\r\n.,|:)(');
const WORD_CHARACTERS = flagsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_');

const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
const UNICODE_WORD = /[\p{L}\p{Nd}_]*/uy;
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}_]/u;

/**
 * Splits a template's source into tokens, of which the last one is of type `eof` or `error`. Comments are left out. Makes no object of
 * a token: templates have many, and few are looked at twice.
 */
export class Lexer {
  /** Where the next action is looked for. */
  pos = 0;
  /** How many tokens there are of the action read last; their types, and where each begins and ends. */
  count = 0;
  readonly types: TokenType[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** What the token of type `error` says. */
  message = '';
  readonly #input: string;
  #parenDepth = 0;

  constructor(input: string) {
    this.#input = input;
  }

  /** Reads the tokens up to the end of the next action, one at least. Must not be called again after the last one. */
  nextAction(): void {
    this.count = 0;
    if (this.#lexText()) this.#lexAction();
  }

  /** The type of a token of the action; after the last one there is nothing. */
  typeOf(at: number): TokenType {
    return this.types[at] ?? 'eof';
  }

  startOf(at: number): number {
    return this.starts[at] ?? this.pos;
  }

  #push(type: TokenType, start: number, end: number): void {
    const at = this.count++;
    this.types[at] = type;
    this.starts[at] = start;
    this.ends[at] = end;
  }

  #emit(type: TokenType, start: number): true {
    this.#push(type, start, this.pos);
    return true;
  }

  #fail(start: number, message: string): false {
    this.#push('error', start, start);
    this.message = message;
    return false;
  }

  /** Emits the text up to the next action and its left delimiter; false at the end of the input. */
  #lexText(): boolean {
    const input = this.#input;
    for (;;) {
      const start = this.pos;
      const delim = input.indexOf('{{', start);
      if (delim < 0) return this.#lexLastText(start);
      const trims = input.charCodeAt(delim + 2) === 45 && isSpace(input.charCodeAt(delim + 3));
      this.#emitText(start, delim, trims);
      this.pos = delim + (trims ? 4 : 2);
      if (!input.startsWith('/*', this.pos)) {
        this.#push('leftDelim', delim, delim + 2);
        this.#parenDepth = 0;
        return true;
      }
      if (!this.#skipComment()) return false;
    }
  }

  #emitText(start: number, delim: number, trims: boolean): void {
    let end = delim;
    while (trims && end > start && isSpace(this.#input.charCodeAt(end - 1))) end--;
    if (end > start) this.#push('text', start, end);
  }

  #lexLastText(start: number): false {
    this.pos = this.#input.length;
    if (this.pos > start) this.#emit('text', start);
    this.#push('eof', this.pos, this.pos);
    return false;
  }

  #skipComment(): boolean {
    const start = this.pos;
    const end = this.#input.indexOf('*/', start + 2);
    if (end < 0) return this.#fail(start, 'unclosed comment');
    this.pos = end + 2;
    const length = this.#rightDelimLength();
    if (length === 0) return this.#fail(start, 'comment ends before closing delimiter');
    this.#passRightDelim(length);
    return true;
  }

  /** The length of the right delimiter here: 0 where there is none, 4 with its trim marker. */
  #rightDelimLength(): 0 | 2 | 4 {
    const { pos } = this;
    const input = this.#input;
    const code = input.charCodeAt(pos);
    if (code === 125) return input.charCodeAt(pos + 1) === 125 ? 2 : 0;
    if (isSpace(code) && input.charCodeAt(pos + 1) === 45 && input.startsWith('}}', pos + 2)) return 4;
    return 0;
  }

  #passRightDelim(length: number): void {
    this.pos += length;
    if (length === 2) return;
    while (isSpace(this.#input.charCodeAt(this.pos))) this.pos++;
  }

  /** Emits the tokens of one action and its right delimiter; false where it is broken. */
  #lexAction(): boolean {
    for (;;) {
      const length = this.#rightDelimLength();
      if (length > 0) {
        if (this.#parenDepth > 0) return this.#fail(this.pos, 'unclosed left paren');
        this.#push('rightDelim', this.pos + length - 2, this.pos + length);
        this.#passRightDelim(length);
        return true;
      }
      if (!this.#lexInside()) return false;
    }
  }

  #lexInside(): boolean {
    const start = this.pos;
    const code = this.#input.charCodeAt(start);
    if (Number.isNaN(code)) return this.#fail(start, 'unclosed action');
    if (isSpace(code)) return this.#lexSpace(start);
    if (code === 46) return this.#lexDot(start);
    if (isAsciiLetter(code)) return this.#lexIdentifier(start);
    if (code === 36) return this.#lexName(start, 'variable');
    if (code === 34) return this.#lexQuoted(start, '"', 'string');
    if (isDigit(code) || code === 43 || code === 45) return this.#lexNumber(start);
    return this.#lexPunctuation(start);
  }

  #lexPunctuation(start: number): boolean {
    const char = String.fromCodePoint(this.#input.codePointAt(start) ?? 0);
    switch (char) {
      case '(':
      case ')':
        return this.#lexParen(start, char);
      case '`':
        return this.#lexRawQuoted(start);
      case "'":
        return this.#lexQuoted(start, char, 'charConstant');
      case ':':
        return this.#lexDeclare(start);
      default:
        return LETTER_OR_DIGIT.test(char) ? this.#lexIdentifier(start) : this.#lexChar(start, char);
    }
  }

  #lexDeclare(start: number): boolean {
    this.pos += 2;
    return this.#input[start + 1] === '=' ? this.#emit('declare', start) : this.#fail(start, 'expected :=');
  }

  #lexChar(start: number, char: string): boolean {
    this.pos += char.length;
    const type = SINGLE.get(char) ?? (char < '\x7f' && isPrintable(char) ? 'char' : undefined);
    return type === undefined
      ? this.#fail(start, `unrecognized character in action: ${describeChar(char)}`)
      : this.#emit(type, start);
  }

  #lexParen(start: number, char: '(' | ')'): boolean {
    this.pos++;
    this.#parenDepth += char === '(' ? 1 : -1;
    if (this.#parenDepth < 0) return this.#fail(start, 'unexpected right paren');
    return this.#emit(char === '(' ? 'leftParen' : 'rightParen', start);
  }

  /** The last space stays where it begins a right delimiter with its trim marker. */
  #lexSpace(start: number): true {
    while (isSpace(this.#input.charCodeAt(this.pos))) this.pos++;
    this.pos--;
    if (this.#rightDelimLength() !== 4) this.pos++;
    return this.pos === start ? true : this.#emit('space', start);
  }

  #lexDot(start: number): boolean {
    const next = this.#input.charCodeAt(start + 1);
    if (isDigit(next) || start + 1 >= this.#input.length) return this.#lexNumber(start);
    return this.#lexName(start, 'field');
  }

  /** A field or variable, or the bare `.` or `$`. */
  #lexName(start: number, type: 'field' | 'variable'): boolean {
    this.pos++;
    if (this.#atTerminator()) return this.#emit(type === 'field' ? 'dot' : type, start);
    this.#skipWord();
    return this.#atTerminator() ? this.#emit(type, start) : this.#failBadCharacter(start);
  }

  #lexIdentifier(start: number): boolean {
    this.#skipWord();
    if (!this.#atTerminator()) return this.#failBadCharacter(start);
    return this.#emit(KEYWORDS.get(this.#input.slice(start, this.pos)) ?? 'identifier', start);
  }

  #skipWord(): void {
    const input = this.#input;
    let { pos } = this;
    while (WORD_CHARACTERS[input.charCodeAt(pos)] === 1) pos++;
    this.pos = pos;
    if (input.charCodeAt(pos) < 128) return;
    UNICODE_WORD.lastIndex = this.pos;
    UNICODE_WORD.test(this.#input);
    this.pos = Math.max(UNICODE_WORD.lastIndex, this.pos);
  }

  #atTerminator(): boolean {
    const { pos } = this;
    const input = this.#input;
    const code = input.charCodeAt(pos);
    if (pos >= input.length || TERMINATORS[code] === 1) return true;
    return code === 125 && input.charCodeAt(pos + 1) === 125;
  }

  #failBadCharacter(start: number): false {
    const char = String.fromCodePoint(this.#input.codePointAt(this.pos) ?? 0);
    return this.#fail(start, `bad character ${describeChar(char)}`);
  }

  #lexQuoted(start: number, delimiter: string, type: 'string' | 'charConstant'): boolean {
    const input = this.#input;
    const closing = delimiter.charCodeAt(0);
    for (let at = start + 1; at < input.length; at++) {
      let code = input.charCodeAt(at);
      if (code === closing) {
        this.pos = at + 1;
        return this.#emit(type, start);
      }
      if (code === 92) code = input.charCodeAt(++at);
      if (code === 10) break;
    }
    return this.#fail(start, `unterminated ${type === 'string' ? 'quoted string' : 'character constant'}`);
  }

  #lexRawQuoted(start: number): boolean {
    const end = this.#input.indexOf('`', start + 1);
    if (end < 0) return this.#fail(start, 'unterminated raw quoted string');
    this.pos = end + 1;
    return this.#emit('rawString', start);
  }

  #lexNumber(start: number): boolean {
    if (!this.#scanNumber()) return this.#failNumber(start);
    const next = this.#input[this.pos];
    if (next !== '+' && next !== '-') return this.#emit('number', start);
    if (!this.#scanNumber() || this.#input[this.pos - 1] !== 'i') return this.#failNumber(start);
    return this.#emit('complex', start);
  }

  #scanNumber(): boolean {
    NUMBER.lastIndex = this.pos;
    NUMBER.test(this.#input);
    this.pos = NUMBER.lastIndex;
    const next = this.#input.codePointAt(this.pos);
    if (next === undefined || (next < 128 && WORD_CHARACTERS[next] !== 1)) return true;
    if (!LETTER_OR_DIGIT.test(String.fromCodePoint(next))) return true;
    this.pos += next > 0xffff ? 2 : 1;
    return false;
  }

  #failNumber(start: number): false {
    return this.#fail(start, `bad number syntax: ${quote(this.#input.slice(start, this.pos))}`);
  }
}
