import { BUILTINS } from './builtins.ts';
import { compileTemplate } from './compile-statement.ts';
import { type Budget, DEFAULT_BUDGET, Execution, type Program, type ProgramScope } from './execution.ts';
import type { FunctionTable } from './functions.ts';
import type { ParsedTemplate } from './nodes.ts';
import { parseTemplates } from './parser.ts';
import { quote } from './quote.ts';
import { TemplateError } from './template-error.ts';
import type { Value } from './values.ts';

/** What an execution may be given besides its template and data. */
export interface ExecuteOptions {
  readonly budget?: Partial<Budget>;
  /** Passed to functions as `CallContext.host`. */
  readonly host?: unknown;
}

/** A template that is parsed, and compiled when it first runs. */
class Entry {
  readonly template: ParsedTemplate;
  private readonly functions: FunctionTable;
  private compiled: Program | undefined;

  constructor(template: ParsedTemplate, functions: FunctionTable) {
    this.template = template;
    this.functions = functions;
  }

  get program(): Program {
    this.compiled ??= compileTemplate(this.template, this.functions, BUILTINS);
    return this.compiled;
  }
}

type Entries = ReadonlyMap<string, Entry>;

/** Parsed templates take some four times the memory of their text. */
const GENERATION_CHARS = 2 * 1024 * 1024;

type Generation = Map<string, Map<string, Entries>>;

/**
 * What was parsed with one table of functions, by text and name. When what was used since the last time is too much, what was not used
 * since then goes: texts that went one by one would leave a trail of garbage that keeps the others from being collected.
 */
class ParseCache {
  private readonly functions: FunctionTable;
  private recent: Generation = new Map();
  private older: Generation = new Map();
  private recentChars = 0;

  constructor(functions: FunctionTable) {
    this.functions = functions;
  }

  parse(name: string, text: string): Entries {
    const known = this.recent.get(text)?.get(name);
    if (known !== undefined) return known;
    const entries = this.older.get(text)?.get(name) ?? this.parseNew(name, text);
    this.remember(name, text, entries);
    return entries;
  }

  private parseNew(name: string, text: string): Entries {
    const isFunction = (candidate: string): boolean => this.functions.has(candidate) || BUILTINS.has(candidate);
    const entries = new Map<string, Entry>();
    for (const template of guarded('parsing', () => parseTemplates({ name, text }, isFunction)).values()) {
      entries.set(template.name, new Entry(template, this.functions));
    }
    return entries;
  }

  private remember(name: string, text: string, entries: Entries): void {
    const names = this.recent.get(text);
    if (names === undefined) this.recent.set(text, new Map([[name, entries]]));
    else names.set(name, entries);
    this.recentChars += cost(text);
    if (this.recentChars <= GENERATION_CHARS) return;
    this.older = this.recent;
    this.recent = new Map();
    this.recentChars = 0;
  }
}

/** What remembering a text counts for: even an empty one takes memory. */
function cost(text: string): number {
  return text.length + 100;
}

const caches = new WeakMap<FunctionTable, ParseCache>();

function cacheFor(functions: FunctionTable): ParseCache {
  let cache = caches.get(functions);
  if (cache === undefined) {
    cache = new ParseCache(functions);
    caches.set(functions, cache);
  }
  return cache;
}

/** Templates that call each other by name. Parsing is remembered across sets that share a table of functions. */
export class TemplateSet implements ProgramScope {
  readonly name: string;
  private readonly functions: FunctionTable;
  private readonly entries: Map<string, Entry>;

  /** `name` is what templates made from text at run time are called in errors. */
  constructor(name: string, functions: FunctionTable) {
    this.name = name;
    this.functions = functions;
    this.entries = new Map();
  }

  /**
   * Adds a file and the templates it defines; a later template replaces an earlier one of its name unless it is blank.
   * Throws `TemplateError` with code `parse`.
   */
  add(name: string, text: string): void {
    this.addAll(cacheFor(this.functions).parse(name, text));
  }

  private addAll(entries: Entries): void {
    for (const [name, entry] of entries) {
      if (this.entries.has(name) && entry.template.isBlank) continue;
      this.entries.set(name, entry);
    }
  }

  lookup(name: string): Program | undefined {
    return this.entries.get(name)?.program;
  }

  parse(text: string): { readonly program: Program; readonly scope: ProgramScope } {
    const parsed = cacheFor(this.functions).parse(this.name, text);
    const entry = parsed.get(this.name) as Entry;
    if (parsed.size === 1) return { program: entry.program, scope: this };
    const scope = new TemplateSet(this.name, this.functions);
    scope.addAll(this.entries);
    scope.addAll(parsed);
    return { program: entry.program, scope };
  }

  /**
   * What the named template writes for this data. Throws `TemplateError` with code `execute` or, where the budget did not
   * suffice, `limit`.
   */
  execute(name: string, data: Value, options: ExecuteOptions = {}): string {
    const program = guarded('parsing', () => this.lookup(name));
    if (program === undefined) {
      const message = `template: no template ${quote(name)} associated with template ${quote(this.name)}`;
      throw new TemplateError('execute', message);
    }
    const run = new Execution(this, name, data ?? undefined, {
      budget: { ...DEFAULT_BUDGET, ...options.budget },
      host: options.host,
    });
    return guarded('execution', () => run.capture(program, data ?? undefined));
  }
}

/** Runs what input may make exhaust the stack or the length of strings, and makes that a typed error. */
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
  return new TemplateError('limit', `template ${activity} stopped: ${what}`, undefined, { cause: error });
}
