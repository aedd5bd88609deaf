import { quote, unquote } from '../../strconv/index.ts';
import { ExpressionSyntax, Variables } from './expression-syntax.ts';
import type { TokenType } from './tokens.ts';
import type { Source } from './nodes.ts';
import { TokenReader } from './token-reader.ts';

/** Blocks may be nested this deep: recursion must stay well within the stack. */
const MAX_BLOCKS = 1000;
const BLANK = /^(?:[^\S\ufeff]|\u0085)*$/;

/** A file whose syntax is right: what there is to know of it without making nodes of it. */
export interface CheckedFile {
  readonly source: Source;
  /** The templates it defines and, last or in place of one of them, the file itself under its own name. */
  readonly templates: ReadonlyMap<string, CheckedTemplate>;
  /** Where the action begins that ends a list of statements, by where the list begins. */
  readonly ends: ReadonlyMap<number, number>;
}

/** A template of a checked file. */
interface CheckedTemplate {
  /** Where its statements begin. */
  readonly start: number;
  /** Whether it consists of nothing but blanks, which keeps it from replacing another one of its name. */
  readonly isBlank: boolean;
}

/**
 * Checks the syntax of a template file. `isFunction` tells the functions that exist. Throws `TemplateError` with Go's text where the
 * source is malformed.
 */
export function checkSyntax(source: Source, isFunction: (name: string) => boolean): CheckedFile {
  return new Syntax(source, isFunction).file();
}

/** How a list of statements ended. */
type ListEnd = '{{end}}' | '{{else}}';

/** The state that a `define` or `block` body does not share with the text around it. */
interface Scope {
  readonly variables: Variables;
  readonly rangeDepth: number;
  readonly isBlank: boolean;
}

type Branch = 'if' | 'with' | 'range';

class Syntax {
  static readonly #controls: ReadonlyMap<TokenType, (syntax: Syntax) => ListEnd | void> = new Map<
    TokenType,
    (syntax: Syntax) => ListEnd | void
  >([
    ['if', (syntax) => syntax.#branch('if')],
    ['with', (syntax) => syntax.#branch('with')],
    ['range', (syntax) => syntax.#branch('range')],
    ['end', (syntax) => syntax.#end()],
    ['else', (syntax) => syntax.#else()],
    ['template', (syntax) => syntax.#template()],
    ['block', (syntax) => syntax.#block()],
    ['break', (syntax) => syntax.#jump('break')],
    ['continue', (syntax) => syntax.#jump('continue')],
  ]);

  readonly #tokens: TokenReader;
  readonly #expressions: ExpressionSyntax;
  readonly #templates = new Map<string, CheckedTemplate>();
  readonly #ends = new Map<number, number>();
  #blocks = 0;
  #rangeDepth = 0;
  /** Whether nothing but blanks was found of the template being checked. */
  #isBlank = true;
  constructor(source: Source, isFunction: (name: string) => boolean) {
    this.#tokens = new TokenReader(source);
    this.#expressions = new ExpressionSyntax(this.#tokens, isFunction);
  }

  file(): CheckedFile {
    const { source } = this.#tokens;
    while (this.#tokens.peek() !== 'eof') {
      if (this.#atDefinition()) this.#definition();
      else {
        const end = this.#statement();
        if (end !== undefined) throw this.#tokens.error(`unexpected ${end}`);
      }
    }
    this.#addTemplate(source.name, 0);
    return { source, templates: this.#templates, ends: this.#ends };
  }

  // Definitions

  #atDefinition(): boolean {
    const start = this.#tokens.mark();
    if (this.#tokens.peek() !== 'leftDelim') return false;
    this.#tokens.skip();
    const isDefinition = this.#tokens.peekNonSpace() === 'define';
    if (isDefinition) this.#tokens.skip();
    else this.#tokens.return(start);
    return isDefinition;
  }

  #definition(): void {
    const context = 'define clause';
    const outer = this.#enterScope();
    const name = this.#templateName(context);
    this.#tokens.expect('rightDelim', context);
    this.#definedBody(name, context);
    this.#leaveScope(outer);
  }

  #enterScope(): Scope {
    const rangeDepth = this.#rangeDepth;
    const isBlank = this.#isBlank;
    const outer = { variables: this.#expressions.variables, rangeDepth, isBlank };
    this.#expressions.variables = new Variables();
    this.#rangeDepth = 0;
    this.#isBlank = true;
    return outer;
  }

  #leaveScope(outer: Scope): void {
    this.#expressions.variables = outer.variables;
    this.#rangeDepth = outer.rangeDepth;
    this.#isBlank = outer.isBlank;
  }

  /** `faultAt` is where errors say that the body ends wrongly; else they say where it ends. */
  #definedBody(name: string, context: string, faultAt?: number): void {
    const start = this.#tokens.offset;
    const end = this.#list();
    if (end !== '{{end}}') throw this.#tokens.error(`unexpected ${end} in ${context}`, faultAt);
    this.#addTemplate(name, start);
  }

  #addTemplate(name: string, start: number): void {
    const isBlank = this.#isBlank;
    const existing = this.#templates.get(name);
    if (existing === undefined || existing.isBlank) this.#templates.set(name, { start, isBlank });
    else if (!isBlank) throw this.#tokens.error(`template: multiple definition of template ${quote(name)}`);
  }

  // Statements

  #list(start = this.#tokens.offset): ListEnd {
    while (this.#tokens.peekNonSpace() !== 'eof') {
      const { pos } = this.#tokens;
      const end = this.#statement();
      if (end === undefined) continue;
      this.#ends.set(start, pos);
      return end;
    }
    throw this.#tokens.error('unexpected EOF');
  }

  /** Passes a statement, or what ends a list of them. */
  #statement(): ListEnd | void {
    const type = this.#tokens.peekNonSpace();
    if (type === 'text') return this.#text();
    if (type !== 'leftDelim') throw this.#tokens.unexpected('input');
    this.#tokens.actionStart = this.#tokens.pos;
    this.#tokens.skip();
    const end = this.#action();
    this.#tokens.actionStart = undefined;
    return end;
  }

  #text(): void {
    if (this.#isBlank) this.#isBlank = BLANK.test(this.#tokens.text);
    this.#tokens.skip();
  }

  #action(): ListEnd | void {
    const type = this.#tokens.peekNonSpace();
    if (type !== 'end' && type !== 'else') this.#isBlank = false;
    const control = Syntax.#controls.get(type);
    if (control === undefined) return this.#expressions.pipeline('command', 'rightDelim');
    this.#tokens.skip();
    return control(this);
  }

  #end(): ListEnd {
    this.#tokens.expect('rightDelim', 'end');
    return '{{end}}';
  }

  #jump(type: 'break' | 'continue'): void {
    if (this.#tokens.peekNonSpace() !== 'rightDelim') throw this.#tokens.unexpected(`{{${type}}}`);
    this.#tokens.skip();
    if (this.#rangeDepth === 0) throw this.#tokens.error(`{{${type}}} outside {{range}}`);
  }

  #branch(type: Branch): void {
    const { variables } = this.#expressions;
    const declared = variables.count;
    this.#blocks++;
    if (this.#blocks > MAX_BLOCKS) throw this.#tokens.error('max block depth exceeded');
    this.#expressions.pipeline(type, 'rightDelim');
    if (type === 'range') this.#rangeDepth++;
    const end = this.#list();
    if (type === 'range') this.#rangeDepth--;
    if (end === '{{else}}') this.#elseBody(type);
    variables.return(declared);
    this.#blocks--;
  }

  /** `{{else if x}}` is `{{else}}{{if x}}` with one `{{end}}` for both; the same for `with`. */
  #elseBody(type: Branch): void {
    const start = this.#tokens.offset;
    if (type !== 'range' && this.#tokens.peek() === type) {
      this.#tokens.skip();
      return this.#branch(type);
    }
    const end = this.#list(start);
    if (end !== '{{end}}') throw this.#tokens.error(`expected end; found ${end}`);
  }

  #else(): ListEnd {
    const type = this.#tokens.peekNonSpace();
    if (type !== 'if' && type !== 'with') this.#tokens.expect('rightDelim', 'else');
    return '{{else}}';
  }

  #templateName(context: string): string {
    const type = this.#tokens.peekNonSpace();
    if (type !== 'string' && type !== 'rawString') throw this.#tokens.unexpected(context);
    const { text } = this.#tokens;
    this.#tokens.skip();
    return this.#tokens.literal(() => unquote(text));
  }

  #template(): void {
    const context = 'template clause';
    this.#templateName(context);
    if (this.#tokens.peekNonSpace() === 'rightDelim') this.#tokens.skip();
    else this.#expressions.pipeline(context, 'rightDelim');
  }

  #block(): void {
    const context = 'block clause';
    const name = this.#templateName(context);
    this.#expressions.pipeline(context, 'rightDelim');
    // Go reports what ends the body wrongly at the place where the body begins.
    const begin = this.#tokens.furthest;
    const outer = this.#enterScope();
    this.#definedBody(name, context, begin);
    this.#leaveScope(outer);
  }
}
