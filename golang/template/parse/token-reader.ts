import { LiteralError } from '../../strconv/index.ts';
import { Lexer } from './lexer.ts';
import { describeToken, type TokenType } from './tokens.ts';
import type { Source } from './nodes.ts';
import { lineOf, TemplateError } from '../template-error.ts';

/** Reads a source's tokens, action by action, with any look-ahead within one, and makes the errors of a parser, at the place Go reports them. */
export class TokenReader {
  readonly source: Source;
  /** The offset of the action being read, which errors name where it began on another line. */
  actionStart: number | undefined;
  /** Where the furthest token looked at begins: Go reports errors at its line. */
  furthest = 0;
  readonly #lexer: Lexer;
  /** The next token's place among those of the action being read. */
  #at = 0;

  constructor(source: Source) {
    this.source = source;
    this.#lexer = new Lexer(source.text);
  }

  /** Where the text after the action read last begins. */
  get offset(): number {
    return this.#lexer.pos;
  }

  /** A place to `return` to, within the same action. */
  mark(): number {
    return this.#at;
  }

  return(mark: number): void {
    this.#at = mark;
  }

  /** The type of the next token. */
  peek(): TokenType {
    const lexer = this.#lexer;
    if (this.#at >= lexer.count) {
      lexer.nextAction();
      this.#at = 0;
    }
    const pos = lexer.startOf(this.#at);
    if (pos > this.furthest) this.furthest = pos;
    return lexer.typeOf(this.#at);
  }

  /** Where the next token begins, which was peeked at. */
  get pos(): number {
    return this.#lexer.startOf(this.#at);
  }

  /** The text of the next token, which was peeked at. */
  get text(): string {
    return this.textAt(this.#at);
  }

  /** The text of the token at a place in the same action. */
  textAt(mark: number): string {
    const { starts, ends } = this.#lexer;
    return this.source.text.slice(starts[mark], ends[mark]);
  }

  /** Passes the next token, but for the last one. */
  skip(): void {
    const type = this.peek();
    if (type !== 'eof' && type !== 'error') this.#at++;
  }

  peekNonSpace(): TokenType {
    let type = this.peek();
    while (type === 'space') {
      this.#at++;
      type = this.peek();
    }
    return type;
  }

  /** Passes a token of that type, and white space before it. */
  expect(type: TokenType, context: string): void {
    if (this.peekNonSpace() !== type) throw this.unexpected(context);
    this.skip();
  }

  error(message: string, at = this.furthest): TemplateError {
    const { name, text } = this.source;
    const line = lineOf(text, at);
    const snippet = text.split('\n')[line - 1] ?? '';
    const position = { template: name, line, column: undefined, snippet };
    return new TemplateError('Parse', `template: ${name}:${line}: ${message}`, position);
  }

  /** The error of the next token, which was peeked at, where it must not stand. */
  unexpected(context: string): TemplateError {
    const { actionStart, pos } = this;
    const lexer = this.#lexer;
    const type = lexer.typeOf(this.#at);
    if (type !== 'error') return this.error(`unexpected ${describeToken(type, this.text)} in ${context}`);
    const { name, text } = this.source;
    const startLine = actionStart === undefined ? undefined : lineOf(text, actionStart);
    if (startLine === undefined || startLine === lineOf(text, pos)) return this.error(lexer.message);
    const action = lexer.message.endsWith(' action') ? '' : ' in action';
    return this.error(`${lexer.message}${action} started at ${name}:${startLine}`);
  }

  /** Runs a conversion of a literal's text, whose failures are errors at this place. */
  literal<T>(convert: () => T): T {
    try {
      return convert();
    } catch (error) {
      if (error instanceof LiteralError) throw this.error(error.message);
      throw error;
    }
  }
}
