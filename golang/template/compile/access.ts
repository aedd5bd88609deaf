import type { ParamType, TemplateMethod, Value } from '../../reflect/index.ts';
import { ArgumentError, convertArgument, isLiteral, literalArgument } from './arguments.ts';
import { callError, executionError } from './execution-error.ts';
import type { Evaluate, Execution } from './execution.ts';
import { FieldError, fieldOf, methodOf, type Origin, originIn, type OriginSource } from './fields.ts';
import type { Operand, ParsedTemplate } from '../parse/nodes.ts';

/** A node that ends in fields. */
export type AccessNode = Extract<Operand, { type: 'field' | 'variable' | 'chain' }>;

/** An argument of a method: its value, and the node that errors about it show. */
export interface MethodArgument {
  readonly node: Operand;
  readonly at: Operand;
  readonly evaluate: Evaluate;
}

/** The fields of a node, to be taken from the value of `base`. */
export interface Access {
  readonly template: ParsedTemplate;
  readonly base: Evaluate;
  readonly origin: OriginSource;
  readonly node: AccessNode;
  /** The node that errors about the fields show. */
  readonly at: Operand;
  /** The arguments given to the last field, which must then be a method. */
  readonly args: readonly MethodArgument[];
  /** A further one that comes from the pipeline. */
  readonly piped: Evaluate | undefined;
}

/** The value at the end of a chain of fields; the last one may be a method. */
export function fieldAccess(access: Access): Evaluate {
  const { base, piped } = access;
  const names = access.node.fields;
  const last = names.at(-1) ?? '';
  if (access.args.length > 0 || piped !== undefined) {
    const receiver = walk(access, base, names.slice(0, -1));
    return (run, dot) => {
      const final = piped?.(run, dot);
      return invoked(access, receiver(run, dot), last, { run, dot, final });
    };
  }
  return names.length === 1 ? oneField(access, base, last) : walk(access, base, names);
}

function oneField(access: Access, base: Evaluate, name: string): Evaluate {
  return (run, dot) => {
    const value = base(run, dot);
    return (
      (value instanceof Map ? value.get(name) : undefined) ?? slowField(access, value, name, originOf(access, run))
    );
  };
}

function walk(access: Access, base: Evaluate, names: readonly string[]): Evaluate {
  return (run, dot) => {
    let container: Value;
    let value = base(run, dot);
    let isFirst = true;
    for (const name of names) {
      const receiver = value;
      const entry = receiver instanceof Map ? receiver.get(name) : undefined;
      value = entry ?? slowField(access, receiver, name, isFirst ? originOf(access, run) : originIn(container));
      container = receiver;
      isFirst = false;
    }
    return value;
  };
}

function originOf({ origin }: Access, run: Execution): Origin {
  if (typeof origin === 'string') return origin;
  return run.variables[origin.slot] === 'element' ? 'element' : 'value';
}

function slowField(access: Access, receiver: Value, name: string, origin: Origin): Value {
  const method = methodOf(receiver, name);
  if (method !== undefined) return callMethod(access, receiver, name, method, []);
  try {
    return fieldOf(receiver, name, origin);
  } catch (error) {
    throw error instanceof FieldError ? executionError(access.template, access.at, error.message) : error;
  }
}

/** Where arguments are evaluated, and what was piped in. */
interface Call {
  readonly run: Execution;
  readonly dot: Value;
  readonly final: Value;
}

function invoked(access: Access, receiver: Value, name: string, call: Call): Value {
  const { template, at } = access;
  const method = methodOf(receiver, name);
  if (method !== undefined) {
    return callMethod(access, receiver, name, method, methodArguments(access, name, method, call));
  }
  if (receiver instanceof Map) throw executionError(template, at, `${name} is not a method but has arguments`);
  const value = slowField(access, receiver, name, 'element');
  if (receiver === undefined) return value;
  throw executionError(template, at, `${name} has arguments but cannot be invoked as function`);
}

function methodArguments(access: Access, name: string, method: TemplateMethod, { run, dot, final }: Call): Value[] {
  const { template, args, at, piped } = access;
  checkCount(access, name, method, args.length + Number(piped !== undefined));
  const values = args.map((arg, i) => methodArgument(access, arg, method.params[i] ?? 'any', run, dot));
  if (piped === undefined) return values;
  const fail = (message: string): never => {
    throw executionError(template, args.at(-1)?.at ?? at, message);
  };
  return [...values, convertArgument(method.params[args.length] ?? 'any', final, fail)];
}

function methodArgument(access: Access, arg: MethodArgument, param: ParamType, run: Execution, dot: Value): Value {
  const fail = (message: string): never => {
    throw executionError(access.template, arg.at, message);
  };
  if (!isLiteral(arg.node)) return convertArgument(param, arg.evaluate(run, dot), fail);
  try {
    return literalArgument(arg.node, param);
  } catch (error) {
    throw error instanceof ArgumentError ? executionError(access.template, arg.at, error.message) : error;
  }
}

function checkCount(access: Access, name: string, method: TemplateMethod, given: number): void {
  const wanted = method.params.length;
  if (given === wanted) return;
  throw executionError(access.template, access.at, `wrong number of args for ${name}: want ${wanted} got ${given}`);
}

function callMethod(access: Access, receiver: Value, name: string, method: TemplateMethod, args: Value[]): Value {
  checkCount(access, name, method, args.length);
  try {
    return (method.run as (...values: unknown[]) => Value)(receiver, ...args);
  } catch (error) {
    throw callError(access.template, access.node, name, error);
  }
}
