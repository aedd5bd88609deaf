import type { CheckedFile } from './syntax.ts';
import { checkSyntax } from './syntax.ts';
import { ExpressionReader } from './expression-reader.ts';
import type { ActionNode, Body, BranchNode, ParsedTemplate, Source, Statement, TemplateNode } from './nodes.ts';
import { unquote } from './quote.ts';
import { TokenReader } from './token-reader.ts';

/**
 * Parses a template file: the templates it defines and, last or in place of one of them, the file itself under its own name.
 * `isFunction` tells the functions that exist. Throws `TemplateError` with Go's text where the source is malformed. The whole file is
 * checked, but nodes are made of statements only when they are asked for: most branches of a template are never taken.
 */
export function parseTemplates(
  source: Source,
  isFunction: (name: string) => boolean,
): ReadonlyMap<string, ParsedTemplate> {
  const file = checkSyntax(source, isFunction);
  const templates = new Map<string, ParsedTemplate>();
  for (const [name, { start, isBlank }] of file.templates) {
    templates.set(name, { name, source, isBlank, body: new CheckedBody(file, start) });
  }
  return templates;
}

/** A list of statements of a checked file. */
class CheckedBody implements Body {
  private readonly file: CheckedFile;
  private readonly start: number;

  constructor(file: CheckedFile, start: number) {
    this.file = file;
    this.start = start;
  }

  read(): Statement[] {
    return new StatementReader(this.file, this.start).list();
  }
}

/** Makes nodes of one list of statements, passing those inside of them by. Trusts that the syntax is right. */
class StatementReader {
  private readonly file: CheckedFile;
  private readonly tokens: TokenReader;
  private readonly expressions: ExpressionReader;

  constructor(file: CheckedFile, start: number) {
    this.file = file;
    this.tokens = new TokenReader(file.source, start);
    this.expressions = new ExpressionReader(this.tokens);
  }

  list(): Statement[] {
    const statements: Statement[] = [];
    for (let type = this.tokens.peek(); type !== 'eof'; type = this.tokens.peek()) {
      const { pos } = this.tokens;
      if (type === 'text') {
        statements.push({ type, pos, text: this.tokens.text });
        this.tokens.skip();
        continue;
      }
      this.tokens.skip();
      const keyword = this.tokens.peekNonSpace();
      if (keyword === 'end' || keyword === 'else') break;
      if (keyword === 'define') this.definition();
      else statements.push(this.action());
    }
    return statements;
  }

  private definition(): void {
    this.tokens.skipAction();
    this.body();
    this.tokens.skipAction();
  }

  private action(): Statement {
    const type = this.tokens.peekNonSpace();
    if (type === 'if' || type === 'with' || type === 'range') return this.branch(type);
    if (type === 'template' || type === 'block') return this.template(type);
    return type === 'break' || type === 'continue' ? this.jump(type) : this.plainAction();
  }

  private plainAction(): ActionNode {
    const { pos } = this.tokens;
    return { type: 'action', pos, pipe: this.expressions.pipeline('rightDelim') };
  }

  private jump(type: 'break' | 'continue'): Statement {
    const { pos } = this.tokens;
    this.tokens.skipAction();
    return { type, pos };
  }

  private branch(type: BranchNode['type']): BranchNode {
    this.tokens.skip();
    const pipe = this.expressions.pipeline('rightDelim');
    return { type, pos: pipe.pos, pipe, body: this.body(), otherwise: this.otherwise(type) };
  }

  /** Passes a list of statements by, and the left delimiter of the action that ends it. */
  private body(): Body {
    const start = this.tokens.offset;
    this.tokens.seek(this.file.ends.get(start) as number);
    this.tokens.skip();
    return new CheckedBody(this.file, start);
  }

  /** What stands after `else`, up to and with the end of the branch. */
  private otherwise(type: BranchNode['type']): Body | undefined {
    const isElse = this.tokens.peekNonSpace() === 'else';
    this.tokens.skip();
    if (isElse && type !== 'range' && this.tokens.peekNonSpace() === type) {
      const branch = this.branch(type);
      return { read: () => [branch] };
    }
    this.tokens.skipAction();
    if (!isElse) return undefined;
    const body = this.body();
    this.tokens.skipAction();
    return body;
  }

  private template(type: 'template' | 'block'): TemplateNode {
    this.tokens.skip();
    this.tokens.peekNonSpace();
    const { pos, text } = this.tokens;
    this.tokens.skip();
    const hasArgument = this.tokens.peekNonSpace() !== 'rightDelim';
    const pipe = hasArgument ? this.expressions.pipeline('rightDelim') : undefined;
    if (!hasArgument) this.tokens.skip();
    if (type === 'block') this.definition();
    return { type: 'template', pos, name: unquote(text), pipe };
  }
}
