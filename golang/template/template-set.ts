import type { Value } from '../reflect/index.ts';
import { quote } from '../strconv/index.ts';
import { BUILTINS } from './builtins/builtins.ts';
import { compileTemplate } from './compile/statement.ts';
import { type Budget, DEFAULT_BUDGET, Execution, type Program, type ProgramScope } from './compile/execution.ts';
import type { FunctionTable } from './functions.ts';
import type { ParsedTemplate, Source } from './parse/nodes.ts';
import { parseTemplates } from './parse/parser.ts';
import { TemplateError } from './template-error.ts';

/** What an execution may be given besides its template and data. */
export interface ExecuteOptions {
  readonly budget?: Partial<Budget>;
  /** Passed to functions as `CallContext.host`. */
  readonly host?: unknown;
}

/** A text of at most so many times the characters of the file that it came of is kept with it. */
const KEPT_TIMES = 2;

/** A template that is parsed, and compiled when it first runs. */
class Entry {
  readonly template: ParsedTemplate;
  readonly #functions: FunctionTable;
  #compiled: Program | undefined;
  /** What it wrote when it was last executed, if that has large pieces. */
  #last: { readonly pieces: readonly string[]; readonly text: string } | undefined;

  constructor(template: ParsedTemplate, functions: FunctionTable) {
    this.template = template;
    this.#functions = functions;
  }

  get program(): Program {
    this.#compiled ??= compileTemplate(this.template, this.#functions, BUILTINS);
    return this.#compiled;
  }

  /** What the template wrote, from its pieces; the same string as the last time if all of them are as they were. */
  textOf(pieces: readonly string[]): string {
    const [only = ''] = pieces;
    if (pieces.length === 1) return only;
    const last = this.#last;
    if (last?.pieces.length === pieces.length && pieces.every((piece, at) => piece === last.pieces[at]))
      return last.text;
    const text = pieces.join('');
    this.#last = text.length <= KEPT_TIMES * this.template.source.text.length ? { pieces, text } : undefined;
    return text;
  }
}

type Entries = ReadonlyMap<string, Entry>;

/** A template file. What its text parses to is kept with it, for other sets that it is added to. */
export class TemplateFile implements Source {
  readonly name: string;
  readonly text: string;
  #parsed: Entries | undefined;
  #parsedWith: FunctionTable | undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** The templates in it. Throws `TemplateError` with code `parse`. */
  entries(functions: FunctionTable): Entries {
    if (this.#parsed === undefined || this.#parsedWith !== functions) {
      this.#parsed = parse(this, functions);
      this.#parsedWith = functions;
    }
    return this.#parsed;
  }
}

function parse(source: Source, functions: FunctionTable): Entries {
  const isFunction = (name: string): boolean => functions.has(name) || BUILTINS.has(name);
  const templates = guarded('parsing', () => parseTemplates(source, isFunction));
  return new Map(Array.from(templates, ([name, template]) => [name, new Entry(template, functions)]));
}

/** Characters of texts in a generation; what they parse to takes some four times the memory. */
const GENERATION_CHARS = 512 * 1024;

/**
 * What texts made at run time were parsed to. When those used since the last time are too much, those not used since then go: texts
 * that went one by one would leave a trail of garbage that keeps the others from being collected.
 */
class TextCache {
  #recent = new Map<string, Entries>();
  #older: ReadonlyMap<string, Entries> = new Map();
  #recentChars = 0;
  readonly #name: string;
  readonly #functions: FunctionTable;

  constructor(name: string, functions: FunctionTable) {
    this.#name = name;
    this.#functions = functions;
  }

  entries(text: string): Entries {
    const known = this.#recent.get(text);
    if (known !== undefined) return known;
    const entries = this.#older.get(text) ?? parse({ name: this.#name, text }, this.#functions);
    this.#remember(text, entries);
    return entries;
  }

  #remember(text: string, entries: Entries): void {
    this.#recent.set(text, entries);
    this.#recentChars += text.length + CHARS_OF_EMPTY;
    if (this.#recentChars <= GENERATION_CHARS) return;
    this.#older = this.#recent;
    this.#recent = new Map();
    this.#recentChars = 0;
  }
}

/** What remembering a text counts for besides its length: even an empty one takes memory. */
const CHARS_OF_EMPTY = 100;

const caches = new WeakMap<FunctionTable, Map<string, TextCache>>();

/** The texts of sets of that name and table of functions. */
function cacheFor(name: string, functions: FunctionTable): TextCache {
  const byName = caches.get(functions) ?? new Map<string, TextCache>();
  caches.set(functions, byName);
  const cache = byName.get(name) ?? new TextCache(name, functions);
  byName.set(name, cache);
  return cache;
}

/** Templates that call each other by name. Texts parsed at run time are remembered across sets that share a table of functions. */
export class TemplateSet implements ProgramScope {
  readonly name: string;
  readonly #functions: FunctionTable;
  readonly #entries: Map<string, Entry>;

  /** `name` is what templates made from text at run time are called in errors. */
  constructor(name: string, functions: FunctionTable) {
    this.name = name;
    this.#functions = functions;
    this.#entries = new Map();
  }

  /**
   * Adds a file and the templates it defines; a later template replaces an earlier one of its name unless it is blank.
   * Throws `TemplateError` with code `parse`.
   */
  add(file: TemplateFile): void {
    this.#addAll(file.entries(this.#functions));
  }

  #addAll(entries: Entries): void {
    for (const [name, entry] of entries) {
      if (this.#entries.has(name) && entry.template.isBlank) continue;
      this.#entries.set(name, entry);
    }
  }

  lookup(name: string): Program | undefined {
    return this.#entries.get(name)?.program;
  }

  parse(text: string): { readonly program: Program; readonly scope: ProgramScope } {
    const parsed = cacheFor(this.name, this.#functions).entries(text);
    const entry = parsed.get(this.name);
    if (entry === undefined) throw new Error(`a text that parses to no template ${this.name}`);
    if (parsed.size === 1) return { program: entry.program, scope: this };
    const scope = new TemplateSet(this.name, this.#functions);
    scope.#addAll(this.#entries);
    scope.#addAll(parsed);
    return { program: entry.program, scope };
  }

  /**
   * What the named template writes for this data. Throws `TemplateError` with code `execute` or, where the budget did not
   * suffice, `limit`.
   */
  execute(name: string, data: Value, options: ExecuteOptions = {}): string {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      const message = `template: no template ${quote(name)} associated with template ${quote(this.name)}`;
      throw new TemplateError('Execute', message);
    }
    const program = guarded('parsing', () => entry.program);
    const run = new Execution(this, name, data ?? undefined, {
      budget: { ...DEFAULT_BUDGET, ...options.budget },
      host: options.host,
    });
    return guarded('execution', () => entry.textOf(run.pieces(program, data ?? undefined)));
  }
}

/** Runs what some input can make exhaust the stack or the length of strings, and turns that into a typed error. */
function guarded<T>(activity: 'parsing' | 'execution', run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof RangeError ? sizeError(activity, error) : error;
  }
}

function sizeError(activity: 'parsing' | 'execution', error: RangeError): TemplateError {
  const what = error.message.includes('call stack')
    ? 'templates or expressions are nested too deeply (limit of the stack)'
    : `a string or list became too large (limit of the runtime: ${error.message})`;
  return new TemplateError('Limit', `template ${activity} stopped: ${what}`, undefined, { cause: error });
}
