import type { TokenType } from './lexer.ts';
import type { CommandNode, Operand, PipeNode } from './nodes.ts';
import { charLiteral, numberLiteral } from './number-literal.ts';
import { unquote } from './quote.ts';
import type { TokenReader } from './token-reader.ts';

const NONE: readonly string[] = [];

/** Makes nodes of pipelines. Trusts that their syntax is right. */
export class ExpressionReader {
  private readonly tokens: TokenReader;
  // Stacks of what is being read: lists made from them have no room left over, unlike lists that were pushed to.
  private readonly operands: Operand[] = [];
  private readonly commands: CommandNode[] = [];
  private readonly fields: string[] = [];

  constructor(tokens: TokenReader) {
    this.tokens = tokens;
  }

  /** Reads a pipeline up to and with a token of type `end`. */
  pipeline(end: TokenType): PipeNode {
    this.tokens.peekNonSpace();
    const { pos } = this.tokens;
    const { variables, assigns } = this.declarations();
    const outer = this.commands.length;
    while (this.tokens.peekNonSpace() !== end) this.commands.push(this.command());
    this.tokens.skip();
    return { type: 'pipe', pos, assigns, variables, commands: cut(this.commands, outer) };
  }

  private declarations(): Pick<PipeNode, 'variables' | 'assigns'> {
    let variables = NONE;
    while (this.tokens.peekNonSpace() === 'variable') {
      const start = this.tokens.mark();
      const name = this.tokens.text;
      this.tokens.skip();
      const type = this.tokens.peekNonSpace();
      if (type !== 'assign' && type !== 'declare' && type !== 'char') {
        this.tokens.return(start);
        break;
      }
      this.tokens.skip();
      variables = [...variables, name];
      if (type !== 'char') return { variables, assigns: type };
    }
    return { variables, assigns: 'declare' };
  }

  private command(): CommandNode {
    const { pos } = this.tokens;
    const outer = this.operands.length;
    for (;;) {
      const operand = this.operand();
      if (operand !== undefined) this.operands.push(operand);
      const type = this.tokens.peek();
      if (type === 'rightDelim' || type === 'rightParen') break;
      this.tokens.skip();
      if (type === 'pipe') break;
    }
    return { type: 'command', pos, args: cut(this.operands, outer) };
  }

  private operand(): Operand | undefined {
    const term = this.term();
    if (term === undefined || this.tokens.peek() !== 'field') return term;
    const { pos } = this.tokens;
    const outer = this.fields.length;
    if (term.type === 'field' || term.type === 'variable') this.fields.push(...term.fields);
    for (; this.tokens.peek() === 'field'; this.tokens.skip()) this.fields.push(this.tokens.text.slice(1));
    const fields = cut(this.fields, outer);
    if (term.type === 'field') return { type: 'field', pos, fields };
    if (term.type === 'variable') return { type: 'variable', pos, name: term.name, fields };
    return { type: 'chain', pos, operand: term, fields };
  }

  /** The term that is next, or undefined where there is only white space before the command's end. */
  private term(): Operand | undefined {
    const type = this.tokens.peekNonSpace();
    if (type === 'rightDelim' || type === 'rightParen' || type === 'pipe') return undefined;
    const { pos, text } = this.tokens;
    this.tokens.skip();
    return type === 'leftParen' ? this.pipeline('rightParen') : (TERMS.get(type) ?? numberTerm)(pos, text);
  }
}

/** The nodes of terms by the type of their one token; those of numbers are left. */
const TERMS: ReadonlyMap<TokenType, (pos: number, text: string) => Operand> = new Map<
  TokenType,
  (pos: number, text: string) => Operand
>([
  ['dot', (pos) => ({ type: 'dot', pos })],
  ['nil', (pos) => ({ type: 'nil', pos })],
  ['field', (pos, text) => ({ type: 'field', pos, fields: [text.slice(1)] })],
  ['bool', (pos, text) => ({ type: 'bool', pos, value: text === 'true' })],
  ['variable', (pos, text) => ({ type: 'variable', pos, name: text, fields: NONE })],
  ['identifier', (pos, text) => ({ type: 'identifier', pos, name: text })],
  ['string', stringTerm],
  ['rawString', stringTerm],
  ['charConstant', (pos, text) => ({ type: 'number', pos, text, number: charLiteral(text) })],
]);

function stringTerm(pos: number, text: string): Operand {
  return { type: 'string', pos, quoted: text, value: unquote(text) };
}

function numberTerm(pos: number, text: string): Operand {
  return { type: 'number', pos, text, number: numberLiteral(text) };
}

/** Takes off a stack what lies above a height, as a list with no room left over, unlike one that was pushed to. */
function cut<T>(stack: T[], height: number): T[] {
  const taken = stack.slice(height);
  stack.length = height;
  return taken;
}
