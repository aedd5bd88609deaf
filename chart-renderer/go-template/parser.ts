import { cut, ExpressionParser } from './expression-parser.ts';
import type { Token, TokenType } from './lexer.ts';
import type { BranchNode, ParsedTemplate, Source, Statement, TemplateNode } from './nodes.ts';
import { quote, unquote } from './quote.ts';
import { TokenReader } from './token-reader.ts';

/** Blocks may stand inside each other this often: recursion here must stay well within the stack. */
const MAX_BLOCKS = 1000;
const BLANK = /^(?:[^\S\ufeff]|\u0085)*$/;

/** How a statement list ended. */
type ListEnd = '{{end}}' | '{{else}}';

/** The state that a `define` or `block` body does not share with the text around it. */
interface Scope {
  readonly variables: string[];
  readonly rangeDepth: number;
}

/**
 * Parses a template file: the templates it defines and, last or in place of one of them, the file itself under its own name.
 * `isFunction` tells the functions that exist. Throws `TemplateError` with Go's text where the source is malformed.
 */
export function parseTemplates(
  source: Source,
  isFunction: (name: string) => boolean,
): ReadonlyMap<string, ParsedTemplate> {
  return new Parser(source, isFunction).parseFile();
}

/** Whether a template consists of nothing but blanks, which keeps it from replacing another one of its name. */
export function isEmptyBody(body: readonly Statement[]): boolean {
  return body.every((node) => node.type === 'text' && BLANK.test(node.text));
}

class Parser {
  private readonly tokens: TokenReader;
  private readonly expressions: ExpressionParser;
  private readonly templates = new Map<string, ParsedTemplate>();
  /** A stack of the lists that are being read, one after the other. */
  private readonly statements: Statement[] = [];
  private blocks = 0;
  private rangeDepth = 0;
  private readonly controls: ReadonlyMap<TokenType, (token: Token) => Statement | ListEnd> = new Map<
    TokenType,
    (token: Token) => Statement | ListEnd
  >([
    ['if', () => this.parseBranch('if')],
    ['with', () => this.parseBranch('with')],
    ['range', () => this.parseBranch('range')],
    ['end', () => this.parseEnd()],
    ['else', () => this.parseElse()],
    ['template', () => this.parseTemplate()],
    ['block', () => this.parseBlock()],
    ['break', ({ pos }) => this.parseJump('break', pos)],
    ['continue', ({ pos }) => this.parseJump('continue', pos)],
  ]);

  constructor(source: Source, isFunction: (name: string) => boolean) {
    this.tokens = new TokenReader(source);
    this.expressions = new ExpressionParser(this.tokens, isFunction);
  }

  parseFile(): ReadonlyMap<string, ParsedTemplate> {
    const body: Statement[] = [];
    while (this.tokens.peek().type !== 'eof') {
      if (this.atDefinition()) {
        this.parseDefinition();
        continue;
      }
      const node = this.parseStatement();
      if (typeof node === 'string') throw this.tokens.error(`unexpected ${node}`);
      body.push(node);
    }
    this.addTemplate(this.tokens.source.name, body);
    return this.templates;
  }

  // Definitions

  private atDefinition(): boolean {
    const start = this.tokens.mark();
    if (this.tokens.peek().type !== 'leftDelim') return false;
    this.tokens.next();
    if (this.tokens.nextNonSpace().type === 'define') return true;
    this.tokens.return(start);
    return false;
  }

  private parseDefinition(): void {
    const context = 'define clause';
    const outer = this.enterScope();
    const token = this.tokens.nextNonSpace();
    if (token.type !== 'string' && token.type !== 'rawString') throw this.tokens.unexpected(token, context);
    const name = this.tokens.literal(() => unquote(token.text));
    this.tokens.expect('rightDelim', context);
    const [body, end] = this.parseList();
    if (end !== '{{end}}') throw this.tokens.error(`unexpected ${end} in ${context}`);
    this.addTemplate(name, body);
    this.leaveScope(outer);
  }

  private enterScope(): Scope {
    const outer = { variables: this.expressions.variables, rangeDepth: this.rangeDepth };
    this.expressions.variables = ['$'];
    this.rangeDepth = 0;
    return outer;
  }

  private leaveScope(outer: Scope): void {
    this.expressions.variables = outer.variables;
    this.rangeDepth = outer.rangeDepth;
  }

  private addTemplate(name: string, body: readonly Statement[]): void {
    const existing = this.templates.get(name);
    if (existing === undefined || isEmptyBody(existing.body)) {
      this.templates.set(name, { name, source: this.tokens.source, body });
    } else if (!isEmptyBody(body)) {
      throw this.tokens.error(`template: multiple definition of template ${quote(name)}`);
    }
  }

  // Statements

  private parseList(): [body: Statement[], end: ListEnd] {
    const { statements } = this;
    const outer = statements.length;
    while (this.tokens.peekNonSpace().type !== 'eof') {
      const node = this.parseStatement();
      if (typeof node === 'string') return [cut(statements, outer), node];
      statements.push(node);
    }
    throw this.tokens.error('unexpected EOF');
  }

  private parseStatement(): Statement | ListEnd {
    const token = this.tokens.nextNonSpace();
    if (token.type === 'text') return { type: 'text', pos: token.pos, text: token.text };
    if (token.type !== 'leftDelim') throw this.tokens.unexpected(token, 'input');
    this.tokens.actionStart = token.pos;
    const node = this.parseAction();
    this.tokens.actionStart = undefined;
    return node;
  }

  private parseAction(): Statement | ListEnd {
    const token = this.tokens.peekNonSpace();
    const parse = this.controls.get(token.type);
    if (parse === undefined) {
      return { type: 'action', pos: token.pos, pipe: this.expressions.parsePipeline('command', 'rightDelim') };
    }
    this.tokens.next();
    return parse(token);
  }

  private parseEnd(): ListEnd {
    this.tokens.expect('rightDelim', 'end');
    return '{{end}}';
  }

  private parseJump(type: 'break' | 'continue', pos: number): Statement {
    const token = this.tokens.nextNonSpace();
    if (token.type !== 'rightDelim') throw this.tokens.unexpected(token, `{{${type}}}`);
    if (this.rangeDepth === 0) throw this.tokens.error(`{{${type}}} outside {{range}}`);
    return { type, pos };
  }

  private parseBranch(type: BranchNode['type']): BranchNode {
    const { variables } = this.expressions;
    const declared = variables.length;
    this.blocks++;
    if (this.blocks > MAX_BLOCKS) throw this.tokens.error('max block depth exceeded');
    const pipe = this.expressions.parsePipeline(type, 'rightDelim');
    if (type === 'range') this.rangeDepth++;
    const [body, end] = this.parseList();
    if (type === 'range') this.rangeDepth--;
    const otherwise = end === '{{else}}' ? this.parseOtherwise(type) : undefined;
    variables.length = declared;
    this.blocks--;
    return { type, pos: pipe.pos, pipe, body, otherwise };
  }

  /** `{{else if x}}` is `{{else}}{{if x}}` with one `{{end}}` for both; the same for `with`. */
  private parseOtherwise(type: BranchNode['type']): readonly Statement[] {
    if (type !== 'range' && this.tokens.peek().type === type) {
      this.tokens.next();
      return [this.parseBranch(type)];
    }
    const [body, end] = this.parseList();
    if (end !== '{{end}}') throw this.tokens.error(`expected end; found ${end}`);
    return body;
  }

  private parseElse(): ListEnd {
    const { type } = this.tokens.peekNonSpace();
    if (type !== 'if' && type !== 'with') this.tokens.expect('rightDelim', 'else');
    return '{{else}}';
  }

  private parseTemplateName(token: Token, context: string): string {
    if (token.type !== 'string' && token.type !== 'rawString') throw this.tokens.unexpected(token, context);
    return this.tokens.literal(() => unquote(token.text));
  }

  private parseTemplate(): TemplateNode {
    const context = 'template clause';
    const token = this.tokens.nextNonSpace();
    const name = this.parseTemplateName(token, context);
    if (this.tokens.peekNonSpace().type === 'rightDelim') {
      this.tokens.next();
      return { type: 'template', pos: token.pos, name, pipe: undefined };
    }
    return {
      type: 'template',
      pos: token.pos,
      name,
      pipe: this.expressions.parsePipeline(context, 'rightDelim'),
    };
  }

  private parseBlock(): TemplateNode {
    const context = 'block clause';
    const token = this.tokens.nextNonSpace();
    const name = this.parseTemplateName(token, context);
    const pipe = this.expressions.parsePipeline(context, 'rightDelim');
    // Go reports what ends the body wrongly at the place where the body begins.
    const begin = this.tokens.furthest;
    const outer = this.enterScope();
    const [body, end] = this.parseList();
    if (end !== '{{end}}') throw this.tokens.error(`unexpected ${end} in ${context}`, begin);
    this.addTemplate(name, body);
    this.leaveScope(outer);
    return { type: 'template', pos: token.pos, name, pipe };
  }
}
