import { isTrue, kindOf, type Value } from '../../../golang/reflect/index.ts';
import { define, defineVariadic } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';

/** Sprig's emptiness: nil, false, 0, "" and empty lists and maps; structs never are. */
function isEmpty(value: Value): boolean {
  return !isTrue(value) && kindOf(value) !== 'struct';
}

/** Sprig's functions that choose between values. */
export const defaultFunctions: FunctionEntries = [
  ['default', defineVariadic(['any'], 'any', (fallback, given = null) => (isEmpty(given) ? fallback : given))],
  ['empty', define(['any'], isEmpty)],
  ['coalesce', defineVariadic([], 'any', (...values) => values.find((value) => !isEmpty(value)) ?? null)],
  ['all', defineVariadic([], 'any', (...values) => !values.some(isEmpty))],
  ['any', defineVariadic([], 'any', (...values) => values.some((value) => !isEmpty(value)))],
  ['ternary', define(['any', 'any', 'bool'], (yes, no, condition) => (condition ? yes : no))],
];
