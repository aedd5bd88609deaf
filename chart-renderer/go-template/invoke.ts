import type { Evaluate } from './execution.ts';
import type { Value } from './values.ts';

/** A function to be called with its arguments, ready but for the execution. */
export interface Invocation {
  readonly run: (...args: never[]) => Value;
  readonly contextual: boolean;
  readonly args: readonly Evaluate[];
  /** Whether the last argument comes from the pipeline, and is evaluated before the others. */
  readonly piped: boolean;
  /** The error that what the function threw becomes. */
  readonly wrap: (error: unknown) => Error;
}

type Callable = (...args: unknown[]) => Value;

/** The call as an expression. Calls of few arguments, which are nearly all, get by without an array of arguments. */
export function invocation(call: Invocation): Evaluate {
  const [first, second] = call.args;
  if (call.contextual)
    return second !== undefined && call.args.length === 2 && !call.piped ? contextualPair(call) : callMany(call);
  if (first === undefined) return callNone(call);
  if (second === undefined) return callOne(call, first);
  if (call.args.length === 2) return call.piped ? callPiped(call, first, second) : callTwo(call, first, second);
  return callMany(call);
}

function callNone({ run: body, wrap }: Invocation): Evaluate {
  const call = body as Callable;
  return () => {
    try {
      return call();
    } catch (error) {
      throw wrap(error);
    }
  };
}

function callOne({ run: body, wrap }: Invocation, first: Evaluate): Evaluate {
  const call = body as Callable;
  return (run, dot) => {
    const a = first(run, dot);
    try {
      return call(a);
    } catch (error) {
      throw wrap(error);
    }
  };
}

function callTwo({ run: body, wrap }: Invocation, first: Evaluate, second: Evaluate): Evaluate {
  const call = body as Callable;
  return (run, dot) => {
    const a = first(run, dot);
    const b = second(run, dot);
    try {
      return call(a, b);
    } catch (error) {
      throw wrap(error);
    }
  };
}

function callPiped({ run: body, wrap }: Invocation, first: Evaluate, piped: Evaluate): Evaluate {
  const call = body as Callable;
  return (run, dot) => {
    const b = piped(run, dot);
    const a = first(run, dot);
    try {
      return call(a, b);
    } catch (error) {
      throw wrap(error);
    }
  };
}

function contextualPair({ run: body, args, wrap }: Invocation): Evaluate {
  const call = body as Callable;
  const [first, second] = args as [Evaluate, Evaluate];
  return (run, dot) => {
    const a = first(run, dot);
    const b = second(run, dot);
    try {
      return call(run, a, b);
    } catch (error) {
      throw wrap(error);
    }
  };
}

function callMany({ run: body, contextual, args, piped: isPiped, wrap }: Invocation): Evaluate {
  const call = body as Callable;
  const piped = isPiped ? args.at(-1) : undefined;
  const own = isPiped ? args.slice(0, -1) : args;
  return (run, dot) => {
    const values: unknown[] = [];
    const final = piped?.(run, dot);
    for (const arg of own) values.push(arg(run, dot));
    if (piped !== undefined) values.push(final);
    try {
      return contextual ? call(run, ...values) : call(...values);
    } catch (error) {
      throw wrap(error);
    }
  };
}
