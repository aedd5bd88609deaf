import { quote, unquote } from '../../strconv/index.ts';
import type { TokenType } from './tokens.ts';
import { charLiteral, numberLiteral } from './number-literal.ts';
import type { TokenReader } from './token-reader.ts';

/** Go allows ten times as many parentheses inside each other; recursion here must stay well within the stack. */
const MAX_PARENTHESES = 1000;

/** What stands for a value that cannot be executed, nor has fields. */
const CONSTANTS: ReadonlySet<TokenType> = new Set<TokenType>([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'nil',
  'number',
  'rawString',
  'string',
]);

/** How a term may begin. */
const TERMS: ReadonlySet<TokenType> = new Set<TokenType>([
  ...CONSTANTS,
  'field',
  'variable',
  'identifier',
  'leftParen',
]);

/** The variables that exist at a place in a template. */
export class Variables {
  readonly #names = ['$'];
  readonly #known = new Set(this.#names);

  /** How many there are, to `return` to when a block ends. */
  get count(): number {
    return this.#names.length;
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  declare(name: string): void {
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#names.push(name);
  }

  /** Forgets what was declared since there were so many. */
  return(count: number): void {
    for (const name of this.#names.splice(count)) this.#known.delete(name);
  }
}

/** Checks the syntax of pipelines; keeps the variables that exist where they stand. */
export class ExpressionSyntax {
  /** What more there is to a term of that type. */
  static readonly #checks: ReadonlyMap<TokenType, (syntax: ExpressionSyntax, text: string) => void> = new Map<
    TokenType,
    (syntax: ExpressionSyntax, text: string) => void
  >([
    ['variable', (syntax, text) => syntax.#variable(text)],
    ['identifier', (syntax, text) => syntax.#identifier(text)],
    ['leftParen', (syntax) => syntax.#parenthesized()],
    ['string', (syntax, text) => void syntax.#tokens.literal(() => unquote(text))],
    ['number', (syntax, text) => void syntax.#tokens.literal(() => numberLiteral(text))],
    ['complex', (syntax, text) => void syntax.#tokens.literal(() => numberLiteral(text))],
    ['charConstant', (syntax, text) => void syntax.#tokens.literal(() => charLiteral(text))],
  ]);

  variables = new Variables();
  readonly #tokens: TokenReader;
  readonly #isFunction: (name: string) => boolean;
  #parentheses = 0;
  constructor(tokens: TokenReader, isFunction: (name: string) => boolean) {
    this.#tokens = tokens;
    this.#isFunction = isFunction;
  }

  /** Passes a pipeline up to and with a token of type `end`; `context` is what errors call it. */
  pipeline(context: string, end: TokenType): void {
    this.#declarations(context);
    let commands = 0;
    let faultyStage: number | undefined;
    for (let type = this.#tokens.peekNonSpace(); type !== end; type = this.#tokens.peekNonSpace()) {
      if (!TERMS.has(type)) throw this.#tokens.unexpected(context);
      const first = this.#command();
      commands++;
      if (commands > 1 && CONSTANTS.has(first)) faultyStage ??= commands;
    }
    this.#tokens.skip();
    if (commands === 0) throw this.#tokens.error(`missing value for ${context}`);
    if (faultyStage !== undefined) throw this.#tokens.error(`non executable command in pipeline stage ${faultyStage}`);
  }

  /** Passes `$x :=`, `$x =` or, in a range, `$x, $y :=`. */
  #declarations(context: string): void {
    for (let count = 1; this.#tokens.peekNonSpace() === 'variable'; count++) {
      const start = this.#tokens.mark();
      const name = this.#tokens.text;
      this.#tokens.skip();
      const type = this.#tokens.peekNonSpace();
      const isComma = type === 'char' && this.#tokens.text === ',';
      if (type !== 'assign' && type !== 'declare' && !isComma) return this.#tokens.return(start);
      this.#tokens.skip();
      this.variables.declare(name);
      if (!isComma) return;
      this.#secondDeclaration(context, count);
    }
  }

  #secondDeclaration(context: string, count: number): void {
    if (context !== 'range' || count >= 2) throw this.#tokens.error(`too many declarations in ${context}`);
    const type = this.#tokens.peekNonSpace();
    if (type !== 'variable' && type !== 'rightDelim' && type !== 'rightParen') {
      throw this.#tokens.error('range can only initialize variables');
    }
  }

  /** Passes a command; returns how its first operand begins. */
  #command(): TokenType {
    let first: TokenType | undefined;
    for (;;) {
      const operand = this.#operand();
      first ??= operand;
      const type = this.#tokens.peek();
      if (type === 'rightDelim' || type === 'rightParen') break;
      if (type !== 'pipe' && type !== 'space') throw this.#tokens.unexpected('operand');
      this.#tokens.skip();
      if (type === 'pipe') break;
    }
    if (first === undefined) throw this.#tokens.error('empty command');
    return first;
  }

  /** Passes a term and the fields after it, if there is one; returns how it begins. */
  #operand(): TokenType | undefined {
    const type = this.#tokens.peekNonSpace();
    if (!TERMS.has(type)) return undefined;
    const at = this.#tokens.mark();
    this.#term(type);
    if (this.#tokens.peek() !== 'field') return type;
    while (this.#tokens.peek() === 'field') this.#tokens.skip();
    if (!CONSTANTS.has(type)) return type;
    throw this.#tokens.error(`unexpected . after term ${quote(this.#tokens.textAt(at))}`);
  }

  #term(type: TokenType): void {
    const check = ExpressionSyntax.#checks.get(type);
    if (check === undefined) return this.#tokens.skip();
    const { text } = this.#tokens;
    this.#tokens.skip();
    check(this, text);
  }

  #variable(text: string): void {
    if (!this.variables.has(text)) throw this.#tokens.error(`undefined variable ${quote(text)}`);
  }

  #identifier(text: string): void {
    if (!this.#isFunction(text)) throw this.#tokens.error(`function ${quote(text)} not defined`);
  }

  #parenthesized(): void {
    this.#parentheses++;
    if (this.#parentheses > MAX_PARENTHESES) throw this.#tokens.error('max expression depth exceeded');
    this.pipeline('parenthesized pipeline', 'rightParen');
    this.#parentheses--;
  }
}
