import type { GoMap, NamedParam, ParamType, Value } from '../reflect/index.ts';
import type { CallSite } from './call-site.ts';
import type { CallPath } from './call-path.ts';

/**
 * What a function may use of the execution that called it. Errors of `execute` and `render` are `TemplateError`s whose message is
 * Go's text; let them pass, or throw an `Error` with a text that wraps theirs.
 */
export interface CallContext {
  /** The output of the named template with this dot, called from `site`; throws where it is not defined or fails. */
  execute(name: string, dot: Value, site?: CallSite): string;
  /**
   * The output of `text` parsed as a template under the name of the set. Templates it defines are seen by what it runs
   * and gone afterwards. Throws `TemplateError`, with code `parse` where the text does not parse.
   */
  render(text: string, dot: Value, site?: CallSite): string;
  /** Counts characters towards the limit of output: for functions that make long texts, before they make them. */
  charge(chars: number): void;
  /** What the caller of the whole execution passed for its functions: clock, cluster access. */
  readonly host: unknown;
  /** A place for one function's own state during one whole execution, keyed by that function. */
  readonly scratch: Map<string, unknown>;
  /** How the execution came to the template that calls; changes as it goes on. */
  readonly callPath: CallPath;
}

/** A function that templates can call. Built by `define` and its siblings. */
export interface TemplateFunction {
  readonly params: readonly ParamType[];
  /** The type of each further argument, for a variadic function. */
  readonly variadic?: ParamType | undefined;
  /** Whether `run` takes the call context before its arguments. */
  readonly contextual: boolean;
  /** Returns the result; throws an `Error` where the Go function returns an error: templates show its message. */
  readonly run: (...args: never[]) => Value;
  /** Makes what runs in place of `run` at one place of a template, for functions to which it matters where they are called. */
  readonly at?: ((site: CallSite) => TemplateFunction['run']) | undefined;
}

/** All functions of a set of templates by name. Never changed once used: compiled templates hold on to its functions. */
export type FunctionTable = ReadonlyMap<string, TemplateFunction>;

/**
 * What a parameter's type arrives as: arguments are checked and converted as Go does, so `run` need not check. Integers of type
 * `int` and `uint32` arrive as JavaScript numbers, a nil map or list as an empty one; `any` is null for nil, never undefined.
 */
export type Argument<P extends ParamType> = P extends 'string'
  ? string
  : P extends 'bool'
    ? boolean
    : P extends 'int' | 'uint32' | 'float64'
      ? number
      : P extends 'int64'
        ? bigint
        : P extends 'map'
          ? GoMap
          : P extends 'list'
            ? Value[]
            : P extends 'strings'
              ? string[]
              : Exclude<Value, undefined>;

type Arguments<P extends readonly ParamType[]> = { [I in keyof P]: Argument<P[I]> };

/** A function of a fixed number of arguments that depends on nothing else. */
export function define<const P extends readonly ParamType[]>(
  params: P,
  run: (...args: Arguments<P>) => Value,
): TemplateFunction {
  return { params, contextual: false, run: run as unknown as TemplateFunction['run'] };
}

/** A function whose arguments after the fixed ones are any number of one type. */
export function defineVariadic<const P extends readonly ParamType[], const V extends ParamType>(
  params: P,
  variadic: V,
  run: (...args: [...Arguments<P>, ...Argument<V>[]]) => Value,
): TemplateFunction {
  return { params, variadic, contextual: false, run: run as unknown as TemplateFunction['run'] };
}

/** As `define`, with the call context before the arguments. */
export function defineContextual<const P extends readonly ParamType[]>(
  params: P,
  run: (context: CallContext, ...args: Arguments<P>) => Value,
): TemplateFunction {
  return { params, contextual: true, run: run as unknown as TemplateFunction['run'] };
}

/** As `defineContextual`, made for each place from which it is called; `site` is undefined where that is not known. */
export function definePlaced<const P extends readonly ParamType[]>(
  params: P,
  at: (site: CallSite | undefined) => (context: CallContext, ...args: Arguments<P>) => Value,
): TemplateFunction {
  return { ...defineContextual(params, at(undefined)), at: at as unknown as TemplateFunction['at'] };
}

const PARAM_NAMES: Readonly<Record<Exclude<ParamType, NamedParam>, string>> = {
  any: 'interface {}',
  reflect: 'reflect.Value',
  string: 'string',
  bool: 'bool',
  int: 'int',
  int64: 'int64',
  uint32: 'uint32',
  float64: 'float64',
  map: 'map[string]interface {}',
  list: '[]interface {}',
  strings: '[]string',
};

/** The parameter's type as Go writes it. */
export function paramTypeName(param: ParamType): string {
  return typeof param === 'string' ? PARAM_NAMES[param] : param.name;
}
