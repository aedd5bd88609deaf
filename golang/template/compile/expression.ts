import { isTrue, type ParamType, type Value } from '../../reflect/index.ts';
import { ArgumentError, argumentFor, converterFor, isLiteral, literalArgument } from './arguments.ts';
import { callOf } from '../builtins/builtins.ts';
import { CallSite } from '../call-site.ts';
import { type AccessNode, fieldAccess, type MethodArgument } from './access.ts';
import { callError, executionError, type FaultyNode } from './execution-error.ts';
import type { Evaluate, Execution, Execute } from './execution.ts';
import type { OriginSource } from './fields.ts';
import type { FunctionTable, TemplateFunction } from '../functions.ts';
import { invocation } from './invoke.ts';
import {
  type ChainNode,
  type CommandNode,
  nodeText,
  type Operand,
  type ParsedTemplate,
  type PipeNode,
} from '../parse/nodes.ts';

/** A variable that is in scope where an expression stands, and the one that came into scope before it. */
export interface Variable {
  readonly name: string;
  readonly slot: number;
  readonly origin: OriginSource;
  readonly outer: Variable | undefined;
}

/** The functions that take their arguments unevaluated, where the table has none of that name. */
const SHORT_CIRCUITS: ReadonlySet<string> = new Set(['and', 'or']);

/** A command with what the pipeline passes to it as its last argument. */
interface Command {
  readonly node: CommandNode;
  readonly args: readonly Operand[];
  readonly piped: Evaluate | undefined;
}

/** Compiles the expressions of one template; keeps the variables in scope. */
export class ExpressionCompiler {
  readonly template: ParsedTemplate;
  /** How the dot of the statements compiled now came to be. */
  dotOrigin: OriginSource = 'value';
  readonly #functions: FunctionTable;
  readonly #builtins: FunctionTable;
  /** The innermost one; those of scopes that do not overlap share slots. */
  #innermost: Variable = { name: '$', slot: 0, origin: 'value', outer: undefined };

  constructor(template: ParsedTemplate, functions: FunctionTable, builtins: FunctionTable) {
    this.template = template;
    this.#functions = functions;
    this.#builtins = builtins;
  }

  /** Compiles what `compile` does, with the variables it declares out of scope afterwards. */
  scoped<T>(compile: () => T): T {
    const outer = this.#innermost;
    const result = compile();
    this.#innermost = outer;
    return result;
  }

  /** A step that is compiled when it first runs, in the scope that stands here: most branches of a template are never taken. */
  later(compile: () => Execute): Execute {
    const { dotOrigin } = this;
    const innermost = this.#innermost;
    let compiled: Execute | undefined;
    return (run, dot) => {
      if (compiled === undefined) {
        this.#innermost = innermost;
        this.dotOrigin = dotOrigin;
        compiled = compile();
      }
      return compiled(run, dot);
    };
  }

  /** Brings a new variable into scope. */
  declare(name: string, origin: OriginSource): Variable {
    const outer = this.#innermost;
    this.#innermost = { name, slot: outer.slot + 1, origin, outer };
    return this.#innermost;
  }

  /** The innermost variable of that name. */
  variable(name: string): Variable | undefined {
    let variable: Variable | undefined = this.#innermost;
    while (variable !== undefined && variable.name !== name) variable = variable.outer;
    return variable;
  }

  /** An expression that always fails. */
  failing(node: FaultyNode, message: string): () => never {
    return () => {
      throw executionError(this.template, node, message);
    };
  }

  #failer(node: FaultyNode): (message: string) => never {
    return (message) => {
      throw executionError(this.template, node, message);
    };
  }

  /** A pipeline as an expression, setting the variables it declares or assigns. */
  pipe(pipe: PipeNode): Evaluate {
    const result = this.lastCommand(pipe);
    const value: Evaluate = (run, dot) => result(run, dot) ?? undefined;
    const [name] = pipe.variables;
    return name === undefined ? value : this.#setting(pipe, name, value);
  }

  /** A pipeline for a use to which all nils are the same. */
  anyPipe(pipe: PipeNode): Evaluate {
    return pipe.variables.length === 0 ? this.lastCommand(pipe) : this.pipe(pipe);
  }

  /** A pipeline without what it does to variables: the result of its last command. */
  lastCommand(pipe: PipeNode): Evaluate {
    let result: Evaluate = () => undefined;
    let piped: Evaluate | undefined;
    let at: Operand = pipe;
    for (const node of pipe.commands) {
      result = this.#command({ node, args: node.args.slice(1), piped }, at);
      at = lastNode(node.args.at(-1) ?? at);
      const final = result;
      piped = (run, dot) => final(run, dot) ?? undefined;
    }
    return result;
  }

  #setting(pipe: PipeNode, name: string, value: Evaluate): Evaluate {
    const variable = pipe.assigns === 'declare' ? this.declare(name, 'value') : this.variable(name);
    if (variable === undefined) {
      const fail = this.failing(lastNode(pipe), `undefined variable: ${name}`);
      return (run, dot) => {
        value(run, dot);
        return fail();
      };
    }
    const { slot } = variable;
    return (run, dot) => (run.variables[slot] = value(run, dot));
  }

  #command(command: Command, at: Operand): Evaluate {
    const { node, args, piped } = command;
    const [first = at] = node.args;
    if (first.type === 'identifier') return this.#call(first.name, first, node, args, piped);
    if (first.type === 'field' || first.type === 'chain' || first.type === 'variable')
      return this.#access(first, args, piped);
    if (args.length > 0 || piped !== undefined)
      return after(piped, this.#notAFunction(first.type === 'pipe' ? at : first, first));
    if (first.type === 'nil') return this.failing(first, 'nil is not a command');
    return this.#operand(first);
  }

  #notAFunction(at: FaultyNode, node: Operand): Evaluate {
    return this.failing(at, `can't give argument to non-function ${nodeText(node)}`);
  }

  /** A constant, or the failure of what would compute it. */
  #constant(node: Operand, compute: () => Value): Evaluate {
    try {
      const value = compute();
      return () => value;
    } catch (error) {
      if (error instanceof ArgumentError) return this.failing(node, error.message);
      throw error;
    }
  }

  // Arguments

  /** An operand that stands for a value of any type. */
  #operand(node: Operand): Evaluate {
    if (isLiteral(node)) return this.#constant(node, () => literalArgument(node, 'any'));
    if (node.type === 'dot') return dotOf;
    if (node.type === 'pipe') return this.pipe(node);
    return node.type === 'identifier'
      ? this.#call(node.name, node, node, [], undefined)
      : this.#access(node, [], undefined);
  }

  #argument(node: Operand, param: ParamType): Evaluate {
    if (isLiteral(node)) return this.#constant(node, () => literalArgument(node, param));
    return argumentFor(param, this.#operand(node), this.#failer(lastNode(node)));
  }

  // Functions

  #call(
    name: string,
    identifier: Operand,
    node: FaultyNode,
    args: readonly Operand[],
    piped: Evaluate | undefined,
  ): Evaluate {
    const own = this.#functions.get(name);
    const spec = own ?? this.#builtins.get(name);
    if (spec === undefined) return this.failing(identifier, `${JSON.stringify(name)} is not a defined function`);
    const miscount = wrongCount(name, spec, args.length, piped !== undefined);
    if (miscount !== undefined) return after(piped, this.failing(identifier, miscount));
    const evaluated = args.map((arg, i) => this.#argument(arg, paramAt(spec, i)));
    if (own === undefined && SHORT_CIRCUITS.has(name)) return shortCircuit(name === 'or', evaluated, piped);
    const at = lastNode(args.at(-1) ?? identifier);
    return invocation({
      run: own === undefined && name === 'call' ? callOf(args[0]) : this.#bodyOf(spec, identifier),
      contextual: spec.contextual,
      args: evaluated,
      piped: piped && { evaluate: piped, convert: converterFor(paramAt(spec, args.length), this.#failer(at)) },
      wrap: (error) => callError(this.template, node, name, error),
    });
  }

  #bodyOf({ at, run }: TemplateFunction, { pos }: Operand): TemplateFunction['run'] {
    return at === undefined ? run : at(new CallSite(this.template, pos));
  }

  // Fields

  /** A field, variable or chain; its last name may be a method, which takes the arguments. */
  #access(node: AccessNode, args: readonly Operand[], piped: Evaluate | undefined): Evaluate {
    const called = args.length > 0 || piped !== undefined;
    if (node.type === 'field') return this.#fieldsOf(dotOf, this.dotOrigin, node, node, args, piped);
    if (node.type === 'chain') return this.#chain(node, args, piped);
    const variable = this.variable(node.name);
    if (variable === undefined) return after(piped, this.failing(node, `undefined variable: ${node.name}`));
    const { slot, origin } = variable;
    const base: Evaluate = (run) => run.variables[slot];
    if (node.fields.length > 0) return this.#fieldsOf(base, origin, node, node, args, piped);
    return called ? after(piped, this.#notAFunction(node, node)) : base;
  }

  #chain(node: ChainNode, args: readonly Operand[], piped: Evaluate | undefined): Evaluate {
    const { operand } = node;
    if (operand.type === 'nil')
      return after(piped, this.failing(node, `indirection through explicit nil in ${nodeText(node)}`));
    return this.#fieldsOf(this.#operand(operand), 'value', node, lastNode(operand), args, piped);
  }

  #fieldsOf(
    base: Evaluate,
    origin: OriginSource,
    node: AccessNode,
    at: Operand,
    args: readonly Operand[],
    piped: Evaluate | undefined,
  ): Evaluate {
    const given: MethodArgument[] = args.map((arg) => ({ node: arg, at: lastNode(arg), evaluate: this.#operand(arg) }));
    return fieldAccess({ template: this.template, base, origin, node, at, args: given, piped });
  }
}

function dotOf(_run: Execution, dot: Value): Value {
  return dot;
}

function paramAt(spec: TemplateFunction, index: number): ParamType {
  return spec.params[index] ?? spec.variadic ?? 'any';
}

function wrongCount(name: string, spec: TemplateFunction, given: number, piped: boolean): string | undefined {
  const fixed = spec.params.length;
  const count = piped ? given + 1 : given;
  if (spec.variadic === undefined) {
    return count === fixed ? undefined : `wrong number of args for ${name}: want ${fixed} got ${count}`;
  }
  return count >= fixed ? undefined : `wrong number of args for ${name}: want at least ${fixed} got ${given}`;
}

/** `and` and `or`: the first value that decides, or the last one. What is piped in is evaluated in any case. */
function shortCircuit(decisive: boolean, args: readonly Evaluate[], piped: Evaluate | undefined): Evaluate {
  const deciding = piped === undefined ? args.slice(0, -1) : args;
  const last = piped === undefined ? args.at(-1) : undefined;
  return (run, dot) => {
    const final = piped?.(run, dot);
    for (const evaluate of deciding) {
      const value = evaluate(run, dot);
      if (isTrue(value) === decisive) return value;
    }
    return last === undefined ? final : last(run, dot);
  };
}

/** What is piped into a command runs even where the command itself cannot. */
function after(piped: Evaluate | undefined, evaluate: Evaluate): Evaluate {
  if (piped === undefined) return evaluate;
  return (run, dot) => {
    piped(run, dot);
    return evaluate(run, dot);
  };
}

/** The node that evaluating an operand ends at; Go shows it for what goes wrong right afterwards. */
export function lastNode(node: Operand): Operand {
  if (node.type === 'chain') return lastNode(node.operand);
  if (node.type !== 'pipe') return node;
  const args = node.commands.at(-1)?.args ?? [];
  const last = args.at(-1);
  return last === undefined ? node : lastNode(last);
}
