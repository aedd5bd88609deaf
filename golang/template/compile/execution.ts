import type { Value } from '../../reflect/index.ts';
import { quote } from '../../strconv/index.ts';
import type { CallSite } from '../call-site.ts';
import type { CallContext } from '../functions.ts';
import type { ParsedTemplate } from '../parse/nodes.ts';
import { TemplateError } from '../template-error.ts';
import { CallPath } from '../call-path.ts';

/** What one execution may use; what is left out has the default of `DEFAULT_BUDGET`. */
export interface Budget {
  /** Characters that all templates of the execution together may write, output of `include` counted where it is written again. */
  readonly maxOutputChars: number;
  /** How deep templates may call each other. */
  readonly maxDepth: number;
  /** Asked now and then: whether the execution is to be stopped. */
  readonly isTimeOver: () => boolean;
}

/** Limits for an execution whose caller sets none: far above what charts need, far below what hurts. */
export const DEFAULT_BUDGET: Budget = { maxOutputChars: 64 * 1024 * 1024, maxDepth: 500, isTimeOver: () => false };

/** How a statement ended: normally, or by a jump out of the innermost range or to its next round. */
export type Signal = 0 | 1 | 2;
export const NEXT = 0;
export const BREAK = 1;
export const CONTINUE = 2;

/** A compiled statement; writes to the execution's output. */
export type Execute = (run: Execution, dot: Value) => Signal;

/** A compiled expression. Null is a nil found inside a map, list or struct, undefined a nil that a pipeline resulted in. */
export type Evaluate = (run: Execution, dot: Value) => Value;

/** A template made ready to run. */
export interface Program {
  readonly template: ParsedTemplate;
  readonly body: Execute;
}

/** The templates that can be called by name. */
export interface ProgramScope {
  /** The name that templates made from text at run time have. */
  readonly name: string;
  lookup(name: string): Program | undefined;
  /** The program for a text, and the scope it runs in, which has what the text defines. */
  parse(text: string): { readonly program: Program; readonly scope: ProgramScope };
}

const TICKS_PER_TIME_CHECK = 256;

/** One run of a template and of all that it calls: the output so far and the variables of the template that runs now. */
export class Execution implements CallContext {
  readonly host: unknown;
  readonly scratch = new Map<string, unknown>();
  /** The variables of the template that runs now; `$` is the first. */
  variables: Value[] = [];
  callPath: CallPath;
  readonly #data: Value;
  #scope: ProgramScope;
  readonly #budget: Budget;
  #output = '';
  /** What was written before `#output`: large texts, and what stands between them; undefined while output is captured. */
  #pieces: string[] | undefined;
  #charsLeft: number;
  #depth = 0;
  #ticksLeft = TICKS_PER_TIME_CHECK;

  constructor(scope: ProgramScope, file: string, data: Value, { budget, host }: { budget: Budget; host: unknown }) {
    this.#scope = scope;
    this.callPath = CallPath.ofFile(file);
    this.#data = data;
    this.#budget = budget;
    this.host = host;
    this.#charsLeft = budget.maxOutputChars;
  }

  /** The named template of the scope that is in force now. */
  lookup(name: string): Program | undefined {
    return this.#scope.lookup(name);
  }

  /** Appends to the output; throws where that is more than the budget allows. */
  write(text: string): void {
    this.#charsLeft -= text.length;
    if (this.#charsLeft < 0) this.charge(0);
    this.#output += text;
  }

  /** Appends a large text of a template. */
  writeLarge(text: string): void {
    if (this.#pieces === undefined) return this.write(text);
    this.charge(text.length);
    this.#pieces.push(this.#output, text);
    this.#output = '';
  }

  charge(chars: number): void {
    this.#charsLeft -= chars;
    if (this.#charsLeft >= 0) return;
    throw limitError(`more than ${this.#budget.maxOutputChars} characters of output (limit maxOutputChars)`);
  }

  /** Called for every round of a loop and every template: stops the execution when its time is over. */
  tick(): void {
    this.#ticksLeft--;
    if (this.#ticksLeft > 0) return;
    this.#ticksLeft = TICKS_PER_TIME_CHECK;
    if (this.#budget.isTimeOver()) throw limitError('still running when its time was over (limit timeoutMs)');
  }

  /** Runs a program with its own variables, writing to the output. */
  call(program: Program, dot: Value, site?: CallSite): void {
    this.tick();
    this.#depth++;
    if (this.#depth > this.#budget.maxDepth) {
      throw limitError(`more than ${this.#budget.maxDepth} templates inside each other (limit maxDepth)`);
    }
    const { variables, callPath } = this;
    this.variables = [dot];
    if (site !== undefined)
      this.callPath = this.#isFileAsItself(program, dot) ? pathOfFile(program) : callPath.through(site);
    program.body(this, dot);
    this.callPath = callPath;
    this.variables = variables;
    this.#depth--;
  }

  /** Runs a program and returns the pieces of what it wrote: large texts of templates, and what stands between them. */
  pieces(program: Program, dot: Value): readonly string[] {
    const pieces: string[] = [];
    this.#pieces = pieces;
    this.call(program, dot);
    pieces.push(this.#output);
    return pieces;
  }

  /** Runs a program and returns what it wrote. */
  capture(program: Program, dot: Value, site?: CallSite): string {
    const outer = this.#output;
    const outerPieces = this.#pieces;
    this.#output = '';
    this.#pieces = undefined;
    this.call(program, dot, site);
    const text = this.#output;
    this.#output = outer;
    this.#pieces = outerPieces;
    return text;
  }

  execute(name: string, dot: Value, site?: CallSite): string {
    const program = this.#scope.lookup(name);
    if (program !== undefined) return this.capture(program, dot === null ? undefined : dot, site);
    throw new TemplateError(
      'Execute',
      `template: no template ${quote(name)} associated with template ${quote(this.#scope.name)}`,
    );
  }

  render(text: string, dot: Value, site?: CallSite): string {
    const outer = this.#scope;
    const { program, scope } = outer.parse(text);
    this.#scope = scope;
    const output = this.capture(program, dot === null ? undefined : dot, site);
    this.#scope = outer;
    return output;
  }

  /** Whether a whole file is called with all the data, as for its checksum: it then is where it would be when run by itself. */
  #isFileAsItself({ template }: Program, dot: Value): boolean {
    return dot === this.#data && template.name === template.source.name && template.name !== this.#scope.name;
  }
}

function pathOfFile({ template }: Program): CallPath {
  return CallPath.ofFile(template.name);
}

function limitError(what: string): TemplateError {
  return new TemplateError('Limit', `template execution stopped: ${what}`);
}
