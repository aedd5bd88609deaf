import { equals, isLess } from './compare.ts';
import { escapeHtml, escapeJavaScript, escapeQuery } from './escape.ts';
import { define, defineVariadic, type FunctionTable, type TemplateFunction } from './functions.ts';
import { index, length, slice } from './indexing.ts';
import { printValue, sprint, sprintln } from './print.ts';
import { sprintf } from './sprintf.ts';
import { GoObject, goTypeOf, intValue, isNil, isTrue, type Value } from './values.ts';

/** `and` and `or` are here for their signature only: the compiler gives them their unevaluated arguments. */
function lastArgument(...args: Value[]): Value {
  return args.at(-1);
}

/** The text of arguments as `html`, `js` and `urlquery` read them. */
function joined(values: readonly Value[]): string {
  const [only] = values;
  if (values.length === 1 && typeof only === 'string') return only;
  return sprint(values.map((value) => (isNil(value) || value instanceof GoObject ? printValue(value) : value)));
}

function call(callee: Value): never {
  if (isNil(callee)) throw new Error('call of nil');
  throw new Error(`non-function of type ${goTypeOf(callee)}`);
}

const pair = ['reflect', 'reflect'] as const;

/** The functions that text/template itself has. */
export const BUILTINS: FunctionTable = new Map<string, TemplateFunction>([
  ['and', defineVariadic(['reflect'], 'reflect', lastArgument)],
  ['or', defineVariadic(['reflect'], 'reflect', lastArgument)],
  ['not', define(['reflect'], (value) => !isTrue(value))],
  ['call', defineVariadic(['reflect'], 'reflect', call)],
  ['eq', defineVariadic(['reflect'], 'reflect', equals)],
  ['ne', define(pair, (a, b) => !equals(a, b))],
  ['lt', define(pair, isLess)],
  ['le', define(pair, (a, b) => isLess(a, b) || equals(a, b))],
  ['gt', define(pair, (a, b) => !(isLess(a, b) || equals(a, b)))],
  ['ge', define(pair, (a, b) => !isLess(a, b))],
  ['index', defineVariadic(['reflect'], 'reflect', index)],
  ['slice', defineVariadic(['reflect'], 'reflect', slice)],
  ['len', define(['reflect'], (item) => intValue(length(item)))],
  ['print', defineVariadic([], 'any', (...values) => sprint(values))],
  ['println', defineVariadic([], 'any', (...values) => sprintln(values))],
  ['printf', defineVariadic(['string'], 'any', (format, ...values) => sprintf(format, values))],
  ['html', defineVariadic([], 'any', (...values) => escapeHtml(joined(values)))],
  ['js', defineVariadic([], 'any', (...values) => escapeJavaScript(joined(values)))],
  ['urlquery', defineVariadic([], 'any', (...values) => escapeQuery(joined(values)))],
]);
