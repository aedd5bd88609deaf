import { sprint, sprintf, sprintln } from '../../fmt/index.ts';
import { GoObject, goTypeOf, intValue, isNil, isTrue, type Value } from '../../reflect/index.ts';
import { equals, isLess } from './compare.ts';
import { escapeHtml, escapeJavaScript, escapeQuery } from './escape.ts';
import { define, defineVariadic, type FunctionTable, type TemplateFunction } from '../functions.ts';
import { index, length, slice } from './indexing.ts';
import { nodeText, type Operand } from '../parse/nodes.ts';
import { printValue } from './print-value.ts';

/** `and` and `or` are here for their signature only: the compiler gives them their unevaluated arguments. */
function lastArgument(...args: Value[]): Value {
  return args.at(-1);
}

/** The text of arguments as `html`, `js` and `urlquery` read them. */
function joined(values: readonly Value[]): string {
  const [only] = values;
  if (values.length === 1 && typeof only === 'string') return only;
  return sprint(values.map((value) => (isNil(value) || isPointer(value) ? printValue(value) : value)));
}

function isPointer(value: Value): boolean {
  return value instanceof GoObject && value.type.name.startsWith('*');
}

/** No function can be a value here, so `call` always fails; Go names what it was to call by its source, or by its type if piped. */
export function callOf(callee: Operand | undefined): (value: Value) => never {
  return (value) => {
    if (isNil(value)) throw new Error('call of nil');
    const piped = typeof value === 'string' ? value : `<${goTypeOf(value)} Value>`;
    throw new Error(`non-function ${callee === undefined ? piped : nodeText(callee)} of type ${goTypeOf(value)}`);
  };
}

const pair = ['reflect', 'reflect'] as const;

/** The functions that text/template itself has. */
export const BUILTINS: FunctionTable = new Map<string, TemplateFunction>([
  ['and', defineVariadic(['reflect'], 'reflect', lastArgument)],
  ['or', defineVariadic(['reflect'], 'reflect', lastArgument)],
  ['not', define(['reflect'], (value) => !isTrue(value))],
  ['call', defineVariadic(['reflect'], 'reflect', callOf(undefined))],
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
