import type { Value } from '../../reflect/index.ts';
import type { Evaluate } from './execution.ts';

/** A function to be called with its arguments, ready but for the execution. */
export interface Invocation {
  readonly run: (...args: never[]) => Value;
  readonly contextual: boolean;
  readonly args: readonly Evaluate[];
  /** The last argument where it comes from the pipeline. */
  readonly piped: Piped | undefined;
  /** The error that what the function threw becomes. */
  readonly wrap: (error: unknown) => Error;
}

/** An argument from the pipeline: it is evaluated before the others, and converted for its parameter after them. */
interface Piped {
  readonly evaluate: Evaluate;
  readonly convert: (value: Value) => Value;
}

type Callable = (...args: unknown[]) => Value;

/** The call as an expression. Calls of few arguments, which are nearly all, get by without an array of arguments. */
export function invocation(call: Invocation): Evaluate {
  const { args, piped, contextual } = call;
  const [first, second] = args;
  if (args.length + Number(piped !== undefined) > 2) return callMany(call);
  if (contextual) return second === undefined ? callMany(call) : contextualPair(call);
  if (piped !== undefined) return first === undefined ? callWithPiped(call, piped) : callPiped(call, first, piped);
  if (first === undefined) return callNone(call);
  return second === undefined ? callOne(call, first) : callTwo(call, first, second);
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

function callWithPiped({ run: body, wrap }: Invocation, { evaluate, convert }: Piped): Evaluate {
  const call = body as Callable;
  return (run, dot) => {
    const a = convert(evaluate(run, dot));
    try {
      return call(a);
    } catch (error) {
      throw wrap(error);
    }
  };
}

function callPiped({ run: body, wrap }: Invocation, first: Evaluate, { evaluate, convert }: Piped): Evaluate {
  const call = body as Callable;
  return (run, dot) => {
    const last = evaluate(run, dot);
    const a = first(run, dot);
    const b = convert(last);
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

function callMany({ run: body, contextual, args, piped, wrap }: Invocation): Evaluate {
  const call = body as Callable;
  return (run, dot) => {
    const values: unknown[] = [];
    const last = piped?.evaluate(run, dot);
    for (const arg of args) values.push(arg(run, dot));
    if (piped !== undefined) values.push(piped.convert(last));
    try {
      return contextual ? call(run, ...values) : call(...values);
    } catch (error) {
      throw wrap(error);
    }
  };
}
