import type { Token, TokenType } from './lexer.ts';
import { type CommandNode, nodeText, type Operand, type PipeNode } from './nodes.ts';
import { charLiteral, numberLiteral } from './number-literal.ts';
import { quote, unquote } from './quote.ts';
import type { TokenReader } from './token-reader.ts';

/** Go allows ten times as many parentheses inside each other; recursion here must stay well within the stack. */
const MAX_PARENTHESES = 1000;

const NOT_EXECUTABLE: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string']);
/** How a term begins, by the type of its token. */
type TermParser = (token: Token) => Operand;

/** Parses pipelines; keeps the variables that exist where they stand. */
export class ExpressionParser {
  variables: string[] = ['$'];
  // Stacks of what is being read: lists made from them have no room left over, unlike lists that were pushed to.
  private readonly operands: Operand[] = [];
  private readonly commands: CommandNode[] = [];
  private readonly tokens: TokenReader;
  private readonly isFunction: (name: string) => boolean;
  private parentheses = 0;
  private readonly terms: ReadonlyMap<TokenType, TermParser> = new Map<TokenType, TermParser>([
    ['dot', ({ pos }) => ({ type: 'dot', pos })],
    ['nil', ({ pos }) => ({ type: 'nil', pos })],
    ['field', ({ pos, text }) => ({ type: 'field', pos, fields: [text.slice(1)] })],
    ['bool', ({ pos, text }) => ({ type: 'bool', pos, value: text === 'true' })],
    ['variable', (token) => this.parseVariable(token)],
    ['identifier', (token) => this.parseIdentifier(token)],
    ['leftParen', () => this.parseParenthesized()],
    ['string', (token) => this.parseString(token)],
    ['rawString', (token) => this.parseString(token)],
    ['number', (token) => this.parseNumber(token)],
    ['complex', (token) => this.parseNumber(token)],
    ['charConstant', (token) => this.parseNumber(token)],
  ]);

  constructor(tokens: TokenReader, isFunction: (name: string) => boolean) {
    this.tokens = tokens;
    this.isFunction = isFunction;
  }

  /** Parses up to and with a token of type `end`; `context` is what errors call the pipeline. */
  parsePipeline(context: string, end: TokenType): PipeNode {
    const { pos } = this.tokens.peekNonSpace();
    const variables: string[] = [];
    const assigns = this.parseDeclarations(context, variables);
    const { commands } = this;
    const outer = commands.length;
    for (;;) {
      const token = this.tokens.peekNonSpace();
      if (token.type === end) break;
      if (!this.terms.has(token.type)) {
        this.tokens.next();
        throw this.tokens.unexpected(token, context);
      }
      commands.push(this.parseCommand());
    }
    this.tokens.next();
    const own = cut(commands, outer);
    this.checkPipeline(own, context);
    return { type: 'pipe', pos, assigns, variables, commands: own };
  }

  /** Reads `$x :=`, `$x =` or, in a range, `$x, $y :=` into `variables`. */
  private parseDeclarations(context: string, variables: string[]): PipeNode['assigns'] {
    while (this.tokens.peekNonSpace().type === 'variable') {
      const start = this.tokens.mark();
      const variable = this.tokens.next();
      const token = this.tokens.peekNonSpace();
      const isComma = token.type === 'char' && token.text === ',';
      if (token.type !== 'assign' && token.type !== 'declare' && !isComma) {
        this.tokens.return(start);
        break;
      }
      this.tokens.next();
      variables.push(variable.text);
      this.variables.push(variable.text);
      if (token.type === 'assign') return 'assign';
      if (token.type === 'declare') return 'declare';
      this.checkSecondDeclaration(context, variables.length);
    }
    return 'declare';
  }

  private checkSecondDeclaration(context: string, count: number): void {
    if (context !== 'range' || count >= 2) throw this.tokens.error(`too many declarations in ${context}`);
    const { type } = this.tokens.peekNonSpace();
    if (type !== 'variable' && type !== 'rightDelim' && type !== 'rightParen') {
      throw this.tokens.error('range can only initialize variables');
    }
  }

  private checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) throw this.tokens.error(`missing value for ${context}`);
    const stage = commands.findIndex((command, i) => i > 0 && NOT_EXECUTABLE.has(command.args[0]?.type ?? ''));
    if (stage > 0) throw this.tokens.error(`non executable command in pipeline stage ${stage + 1}`);
  }

  private parseCommand(): CommandNode {
    const { pos } = this.tokens.peekNonSpace();
    const { operands } = this;
    const outer = operands.length;
    for (;;) {
      this.tokens.skipSpace();
      const operand = this.parseOperand();
      if (operand !== undefined) operands.push(operand);
      const { type } = this.tokens.peek();
      if (type === 'rightDelim' || type === 'rightParen') break;
      const token = this.tokens.next();
      if (type === 'pipe') break;
      if (type !== 'space') throw this.tokens.unexpected(token, 'operand');
    }
    if (operands.length === outer) throw this.tokens.error('empty command');
    return { type: 'command', pos, args: cut(operands, outer) };
  }

  private parseOperand(): Operand | undefined {
    const term = this.parseTerm();
    if (term === undefined || this.tokens.peek().type !== 'field') return term;
    const { pos } = this.tokens.peek();
    const fields: string[] = [];
    while (this.tokens.peek().type === 'field') fields.push(this.tokens.next().text.slice(1));
    if (term.type === 'field' || term.type === 'variable') return { ...term, pos, fields: [...term.fields, ...fields] };
    if (NOT_EXECUTABLE.has(term.type)) throw this.tokens.error(`unexpected . after term ${quote(nodeText(term))}`);
    return { type: 'chain', pos, operand: term, fields };
  }

  private parseTerm(): Operand | undefined {
    const token = this.tokens.peekNonSpace();
    const parse = this.terms.get(token.type);
    if (parse === undefined) return undefined;
    this.tokens.next();
    return parse(token);
  }

  private parseVariable({ pos, text }: Token): Operand {
    if (!this.variables.includes(text)) throw this.tokens.error(`undefined variable ${quote(text)}`);
    return { type: 'variable', pos, name: text, fields: [] };
  }

  private parseIdentifier({ pos, text }: Token): Operand {
    if (!this.isFunction(text)) throw this.tokens.error(`function ${quote(text)} not defined`);
    return { type: 'identifier', pos, name: text };
  }

  private parseString({ pos, text }: Token): Operand {
    return { type: 'string', pos, quoted: text, value: this.tokens.literal(() => unquote(text)) };
  }

  private parseNumber({ type, pos, text }: Token): Operand {
    const number = this.tokens.literal(() => (type === 'charConstant' ? charLiteral(text) : numberLiteral(text)));
    return { type: 'number', pos, text, number };
  }

  private parseParenthesized(): PipeNode {
    this.parentheses++;
    if (this.parentheses > MAX_PARENTHESES) throw this.tokens.error('max expression depth exceeded');
    const pipe = this.parsePipeline('parenthesized pipeline', 'rightParen');
    this.parentheses--;
    return pipe;
  }
}

/** Takes off a stack what lies above a height, as a list with no room left over, unlike one that was pushed to. */
export function cut<T>(stack: T[], height: number): T[] {
  const taken = stack.slice(height);
  stack.length = height;
  return taken;
}
