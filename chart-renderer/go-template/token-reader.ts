import { describeToken, Lexer, type Token, type TokenType } from './lexer.ts';
import type { Source } from './nodes.ts';
import { LiteralError } from './quote.ts';
import { lineOf, TemplateError } from './template-error.ts';

/** Reads a source's tokens, action by action, with any look-ahead within one, and makes the errors of a parser, at the place Go reports them. */
export class TokenReader {
  readonly source: Source;
  /** The offset of the action being read, which errors name where it began on another line. */
  actionStart: number | undefined;
  /** Where the furthest token looked at begins: Go reports errors at its line. */
  furthest = 0;
  private readonly lexer: Lexer;
  /** Those of the action being read; a template's tokens all at once would outlive what they are good for. */
  private tokens: readonly Token[] = [];
  private at = 0;

  constructor(source: Source) {
    this.source = source;
    this.lexer = new Lexer(source.text);
  }

  /** A place to `return` to, within the same action. */
  mark(): number {
    return this.at;
  }

  return(mark: number): void {
    this.at = mark;
  }

  next(): Token {
    const token = this.peek();
    if (token.type !== 'eof' && token.type !== 'error') this.at++;
    return token;
  }

  peek(): Token {
    let token = this.tokens[this.at];
    if (token === undefined) {
      this.tokens = this.lexer.nextAction();
      this.at = 0;
      token = this.tokens[0] as Token;
    }
    if (token.pos > this.furthest) this.furthest = token.pos;
    return token;
  }

  nextNonSpace(): Token {
    this.skipSpace();
    return this.next();
  }

  peekNonSpace(): Token {
    this.skipSpace();
    return this.peek();
  }

  skipSpace(): void {
    while (this.peek().type === 'space') this.at++;
  }

  expect(type: TokenType, context: string): Token {
    const token = this.nextNonSpace();
    if (token.type !== type) throw this.unexpected(token, context);
    return token;
  }

  error(message: string, at = this.furthest): TemplateError {
    const { name, text } = this.source;
    const line = lineOf(text, at);
    const snippet = text.split('\n')[line - 1] ?? '';
    const position = { template: name, line, column: undefined, snippet };
    return new TemplateError('parse', `template: ${name}:${line}: ${message}`, position);
  }

  unexpected(token: Token, context: string): TemplateError {
    if (token.type !== 'error') return this.error(`unexpected ${describeToken(token)} in ${context}`);
    const { actionStart } = this;
    const { name, text } = this.source;
    const startLine = actionStart === undefined ? undefined : lineOf(text, actionStart);
    if (startLine === undefined || startLine === lineOf(text, token.pos)) return this.error(token.text);
    const action = token.text.endsWith(' action') ? '' : ' in action';
    return this.error(`${token.text}${action} started at ${name}:${startLine}`);
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
