import { unquote } from '../../strconv/index.ts';
import { isSpace } from './characters.ts';
import type { CommandNode, Operand, PipeNode } from './nodes.ts';
import { charLiteral, numberLiteral } from './number-literal.ts';

const NONE: readonly string[] = [];
const WORD = /[\p{L}\p{Nd}_]*/uy;
const NUMBER = /[^\s|)},]+/y;
/** ASCII letters, digits and the underscore. */
const WORD_CODES = Uint8Array.from({ length: 128 }, (_unused, code) => Number(/\w/.test(String.fromCharCode(code))));

/** What has been read of a list. The list made of it has no spare room, unlike one that was pushed to. */
class Stack<T> {
  height = 0;
  readonly #items: T[] = [];

  push(item: T): void {
    this.#items[this.height++] = item;
  }

  /** Removes what lies above a height. */
  cut(height: number): T[] {
    const taken = this.#items.slice(height, this.height);
    this.height = height;
    return taken;
  }
}

/** Makes nodes of the pipelines of a text. Trusts that its syntax is right, so a character tells what follows. */
export class ExpressionReader {
  protected readonly text: string;
  /** How far the text was read. */
  protected pos = 0;
  readonly #operands = new Stack<Operand>();
  readonly #commands = new Stack<CommandNode>();
  readonly #fields = new Stack<string>();

  constructor(text: string) {
    this.text = text;
  }

  /** Reads a pipeline up to what ends it: a parenthesis, or the right delimiter with its trim marker. */
  protected pipeline(): PipeNode {
    this.skipSpace();
    const { pos } = this;
    const { variables, assigns } = this.#declarations();
    const outer = this.#commands.height;
    while (!this.#atEnd()) this.#commands.push(this.#command());
    return { type: 'pipe', pos, assigns, variables, commands: this.#commands.cut(outer) };
  }

  /** Passes white space; whether a pipeline ends after it. */
  #atEnd(): boolean {
    this.skipSpace();
    const code = this.text.charCodeAt(this.pos);
    return code === 41 || code === 125 || (code === 45 && this.text.charCodeAt(this.pos + 1) === 125);
  }

  #declarations(): Pick<PipeNode, 'variables' | 'assigns'> {
    let variables = NONE;
    while (this.text.charCodeAt(this.pos) === 36) {
      const start = this.pos++;
      const name = this.wordFrom(start);
      this.skipSpace();
      const sign = this.text[this.pos];
      if (sign !== ':' && sign !== '=' && sign !== ',') {
        this.pos = start;
        break;
      }
      this.pos += sign === ':' ? 2 : 1;
      this.skipSpace();
      variables = [...variables, name];
      if (sign !== ',') return { variables, assigns: sign === '=' ? 'assign' : 'declare' };
    }
    return { variables, assigns: 'declare' };
  }

  #command(): CommandNode {
    const { pos } = this;
    const outer = this.#operands.height;
    while (!this.#atEnd()) {
      if (this.text.charCodeAt(this.pos) === 124) {
        this.pos++;
        break;
      }
      this.#operands.push(this.#operand());
    }
    return { type: 'command', pos, args: this.#operands.cut(outer) };
  }

  #operand(): Operand {
    const term = this.#term();
    if (this.text.charCodeAt(this.pos) !== 46) return term;
    const { pos } = this;
    const outer = this.#fields.height;
    if (term.type === 'field') for (const field of term.fields) this.#fields.push(field);
    while (this.text.charCodeAt(this.pos) === 46) this.#fields.push(this.wordFrom(++this.pos));
    const fields = this.#fields.cut(outer);
    if (term.type === 'field') return { type: 'field', pos, fields };
    if (term.type === 'variable') return { type: 'variable', pos, name: term.name, fields };
    return { type: 'chain', pos, operand: term, fields };
  }

  #term(): Operand {
    const { pos, text } = this;
    switch (text.charCodeAt(pos)) {
      case 46: // .
        return this.#field(pos);
      case 36: // $
        this.pos++;
        return { type: 'variable', pos, name: this.wordFrom(pos), fields: NONE };
      case 40: // (
        return this.#parenthesized();
      case 34: // "
        return stringNode(pos, this.quoted());
      case 96: // `
        return stringNode(pos, this.raw());
      case 39: // '
        return numberNode(pos, this.quoted(), charLiteral);
      default:
        return this.#wordOrNumber(pos);
    }
  }

  /** A field, a lone dot, or a number that begins with one. */
  #field(pos: number): Operand {
    const next = this.text.charCodeAt(pos + 1);
    if (next >= 48 && next <= 57) return this.#number(pos);
    this.pos++;
    const name = this.wordFrom(this.pos);
    return name === '' ? { type: 'dot', pos } : { type: 'field', pos, fields: [name] };
  }

  #parenthesized(): PipeNode {
    this.pos++;
    const pipe = this.pipeline();
    this.pos++;
    return pipe;
  }

  #wordOrNumber(pos: number): Operand {
    const code = this.text.charCodeAt(pos);
    if (code < 58) return this.#number(pos);
    const name = this.wordFrom(pos);
    if (name === 'true' || name === 'false') return { type: 'bool', pos, value: name === 'true' };
    return name === 'nil' ? { type: 'nil', pos } : { type: 'identifier', pos, name };
  }

  #number(pos: number): Operand {
    NUMBER.lastIndex = pos;
    NUMBER.test(this.text);
    this.pos = NUMBER.lastIndex;
    return numberNode(pos, this.text.slice(pos, this.pos), numberLiteral);
  }

  /** The literal up to the quote that is not escaped, which is of the kind that it begins with. */
  protected quoted(): string {
    const { text, pos } = this;
    const quote = text.charCodeAt(pos);
    let at = pos + 1;
    for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(at)) at += code === 92 ? 2 : 1;
    this.pos = at + 1;
    return text.slice(pos, this.pos);
  }

  protected raw(): string {
    const { text, pos } = this;
    this.pos = text.indexOf('`', pos + 1) + 1;
    return text.slice(pos, this.pos);
  }

  /** Passes the rest of a word; returns the text from `start` to its end. */
  protected wordFrom(start: number): string {
    const { text } = this;
    let { pos } = this;
    while (WORD_CODES[text.charCodeAt(pos)] === 1) pos++;
    if (text.charCodeAt(pos) >= 128) {
      WORD.lastIndex = pos;
      WORD.test(text);
      pos = Math.max(pos, WORD.lastIndex);
    }
    this.pos = pos;
    return text.slice(start, pos);
  }

  protected skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.pos))) this.pos++;
  }
}

function stringNode(pos: number, quoted: string): Operand {
  return { type: 'string', pos, quoted, value: unquote(quoted) };
}

function numberNode(pos: number, text: string, read: typeof numberLiteral): Operand {
  return { type: 'number', pos, text, number: read(text) };
}
