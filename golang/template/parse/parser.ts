import { unquote } from '../../strconv/index.ts';
import { ExpressionReader } from './expression-reader.ts';
import { isSpace } from './characters.ts';
import type {
  ActionNode,
  Body,
  BranchNode,
  ParsedTemplate,
  PipeNode,
  Source,
  Statement,
  TemplateNode,
} from './nodes.ts';
import { type CheckedFile, checkSyntax } from './syntax.ts';

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
  const reader = new StatementReader(file);
  const templates = new Map<string, ParsedTemplate>();
  for (const [name, { start, isBlank }] of file.templates) {
    templates.set(name, { name, source, isBlank, body: new CheckedBody(reader, start) });
  }
  return templates;
}

type Control = BranchNode['type'] | TemplateNode['type'] | 'block' | 'break' | 'continue';

/** What actions may begin with apart from pipelines. */
const CONTROLS: ReadonlyMap<string, Control | 'define' | 'end' | 'else'> = new Map(
  (['if', 'with', 'range', 'template', 'block', 'break', 'continue', 'define', 'end', 'else'] as const).map(
    (keyword) => [keyword, keyword],
  ),
);

/** A list of statements of a checked file. */
class CheckedBody implements Body {
  readonly #reader: StatementReader;
  readonly #start: number;

  constructor(reader: StatementReader, start: number) {
    this.#reader = reader;
    this.#start = start;
  }

  read(): Statement[] {
    return this.#reader.listAt(this.#start);
  }
}

/** Makes nodes of lists of statements, one at a time, passing those inside of them by. Trusts that the syntax is right. */
class StatementReader extends ExpressionReader {
  readonly #file: CheckedFile;

  constructor(file: CheckedFile) {
    super(file.source.text);
    this.#file = file;
  }

  listAt(start: number): Statement[] {
    this.pos = start;
    const statements: Statement[] = [];
    while (this.#leftDelim(statements)) {
      const { pos } = this;
      const keyword = CONTROLS.get(this.wordFrom(pos));
      if (keyword === undefined) statements.push(this.#action(pos));
      else if (keyword === 'end' || keyword === 'else') break;
      else if (keyword === 'define') this.#definition();
      else statements.push(this.#control(keyword, pos));
    }
    return statements;
  }

  /** Passes the text before the next action, comments left out, and what is before its first token; false where there is none. */
  #leftDelim(statements: Statement[]): boolean {
    const { text } = this;
    for (;;) {
      const { pos } = this;
      const open = text.indexOf('{{', pos);
      const trims = open >= 0 && this.#passLeftDelim(open);
      let end = open < 0 ? text.length : open;
      while (trims && end > pos && isSpace(text.charCodeAt(end - 1))) end--;
      if (end > pos) statements.push({ type: 'text', pos, text: text.slice(pos, end) });
      if (open < 0) return false;
      if (!text.startsWith('/*', this.pos)) break;
      this.pos = text.indexOf('*/', this.pos + 2) + 2;
      this.#rightDelim();
    }
    this.skipSpace();
    return true;
  }

  /** Passes the left delimiter at `open`; whether it trims the text before it. */
  #passLeftDelim(open: number): boolean {
    const trims = this.text.charCodeAt(open + 2) === 45 && isSpace(this.text.charCodeAt(open + 3));
    this.pos = open + (trims ? 4 : 2);
    return trims;
  }

  /** Passes a right delimiter, and the text that it trims. */
  #rightDelim(): void {
    this.skipSpace();
    const trims = this.text.charCodeAt(this.pos) === 45;
    this.pos += trims ? 3 : 2;
    if (trims) this.skipSpace();
  }

  #action(pos: number): ActionNode {
    this.pos = pos;
    return { type: 'action', pos, pipe: this.#lastPipeline() };
  }

  /** Reads the pipeline that an action ends with. */
  #lastPipeline(): PipeNode {
    const pipe = this.pipeline();
    this.#rightDelim();
    return pipe;
  }

  #control(keyword: Control, pos: number): Statement {
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(keyword);
      case 'template':
      case 'block':
        return this.#template(keyword);
      case 'break':
      case 'continue':
        this.#rightDelim();
        return { type: keyword, pos };
    }
  }

  #branch(type: BranchNode['type']): BranchNode {
    const pipe = this.#lastPipeline();
    return { type, pos: pipe.pos, pipe, body: this.#body(), else: this.#else(type) };
  }

  /** Passes a list of statements by, and the action that ends it up to its keyword. */
  #body(): Body {
    const start = this.pos;
    const end = this.#file.ends.get(start);
    if (end === undefined) throw new Error('a list of statements whose end was not found');
    this.#passLeftDelim(end);
    this.skipSpace();
    return new CheckedBody(this, start);
  }

  /** What stands after `else`, up to and with the end of the branch. */
  #else(type: BranchNode['type']): Body | undefined {
    const isElse = this.wordFrom(this.pos) === 'else';
    if (!isElse) {
      this.#rightDelim();
      return undefined;
    }
    this.skipSpace();
    const { pos } = this;
    if (type !== 'range' && this.wordFrom(pos) === type) {
      const branch = this.#branch(type);
      return { read: () => [branch] };
    }
    this.pos = pos;
    this.#rightDelim();
    const body = this.#body();
    this.#passEnd();
    return body;
  }

  #passEnd(): void {
    this.wordFrom(this.pos);
    this.#rightDelim();
  }

  #name(): string {
    this.skipSpace();
    return unquote(this.text.charCodeAt(this.pos) === 96 ? this.raw() : this.quoted());
  }

  #definition(): void {
    this.#name();
    this.#rightDelim();
    this.#body();
    this.#passEnd();
  }

  #template(type: 'template' | 'block'): TemplateNode {
    this.skipSpace();
    const { pos } = this;
    const name = this.#name();
    const pipe = this.#lastPipeline();
    if (type === 'block') {
      this.#body();
      this.#passEnd();
    }
    return { type: 'template', pos, name, pipe: pipe.commands.length === 0 ? undefined : pipe };
  }
}
