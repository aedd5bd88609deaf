import { intValue, type Value, withGoType } from '../../../golang/reflect/index.ts';
import { parseGoInt } from '../../../golang/strconv/index.ts';
import { type CallContext, define, defineContextual, defineVariadic } from '../../../golang/template/index.ts';
import { int64Value, toFloat64, toInt64, toText } from '../cast.ts';
import {
  addDecimals,
  type Decimal,
  decimalOf,
  divideDecimals,
  floatOf,
  multiplyDecimals,
  subtractDecimals,
} from './decimal.ts';
import type { FunctionEntries } from '../entries.ts';
import { checkListSize } from '../limits.ts';

function divisor(value: Value): bigint {
  const by = toInt64(value);
  if (by === 0n) throw new Error('runtime error: integer divide by zero');
  return by;
}

const add1 = define(['any'], (a) => int64Value(toInt64(a) + 1n));
const add = defineVariadic([], 'any', (...terms) =>
  int64Value(terms.map(toInt64).reduce((sum, term) => sum + term, 0n)),
);
const sub = define(['any', 'any'], (a, b) => int64Value(toInt64(a) - toInt64(b)));
const div = define(['any', 'any'], (a, b) => int64Value(toInt64(a) / divisor(b)));
const mod = define(['any', 'any'], (a, b) => int64Value(toInt64(a) % divisor(b)));

const mul = defineVariadic(['any'], 'any', (first, ...factors) =>
  int64Value(factors.map(toInt64).reduce((product, factor) => BigInt.asIntN(64, product * factor), toInt64(first))),
);

const max = defineVariadic(['any'], 'any', (...values) =>
  int64Value(values.map(toInt64).reduce((best, value) => (value > best ? value : best))),
);
const min = defineVariadic(['any'], 'any', (...values) =>
  int64Value(values.map(toInt64).reduce((best, value) => (value < best ? value : best))),
);
const maxf = defineVariadic(['any'], 'any', (...values) => Math.max(...values.map(toFloat64)));
const minf = defineVariadic(['any'], 'any', (...values) => Math.min(...values.map(toFloat64)));

const floor = define(['any'], (value) => Math.floor(toFloat64(value)));
const ceil = define(['any'], (value) => Math.ceil(toFloat64(value)));

const round = defineVariadic(['any', 'int'], 'float64', (value, places, roundOn = 0.5) => {
  const power = Number(`1e${places}`);
  const scaled = power * toFloat64(value);
  return (scaled - Math.trunc(scaled) >= roundOn ? Math.ceil(scaled) : Math.floor(scaled)) / power;
});

type DecimalFunction = (a: Decimal, b: Decimal) => Decimal;

function calculate(first: Value, others: readonly Value[], operation: DecimalFunction): number {
  return floatOf(others.map((value) => decimalOf(toFloat64(value))).reduce(operation, decimalOf(toFloat64(first))));
}

function decimalFunction(operation: DecimalFunction): ReturnType<typeof define> {
  return defineVariadic(['any'], 'any', (first, ...others) => calculate(first, others, operation));
}

const add1f = define(['any'], (value) => calculate(value, [1], addDecimals));
const addf = defineVariadic([], 'any', (...terms) => calculate(0, terms, addDecimals));

/** The integers from `start` on, in steps, before `stop`. */
function integers(start: number, stop: number, step: number): number[] {
  const forward = stop >= start;
  if (forward ? step <= 0 : step >= 0) return [];
  const count = Math.ceil((stop - start) / step);
  checkListSize(count);
  return Array.from({ length: count }, (_unused, i) => start + i * step);
}

function intSlice(context: CallContext, numbers: readonly number[]): Value {
  context.charge(numbers.length);
  return withGoType<Value[]>(numbers.map(intValue), '[]int');
}

const until = defineContextual(['int'], (context, count) => intSlice(context, integers(0, count, count < 0 ? -1 : 1)));

const untilStep = defineContextual(['int', 'int', 'int'], (context, start, stop, step) =>
  intSlice(context, integers(start, stop, step)),
);

const seq = defineVariadic([], 'int', (...params) => {
  const [first = 0, second = 0, third = 0] = params;
  if (params.length === 1) return sequence(1, first, stepTo(1, first));
  if (params.length === 2) return sequence(first, second, stepTo(first, second));
  if (params.length !== 3 || (third < first && second > 0)) return '';
  return sequence(first, third, second);
});

function stepTo(start: number, end: number): number {
  return end < start ? -1 : 1;
}

function sequence(start: number, end: number, step: number): string {
  return integers(start, end + stepTo(start, end), step).join(' ');
}

const int = define(['any'], (value) => toInt64(value));
const int64 = define(['any'], (value) => int64Value(toInt64(value)));
const float64 = define(['any'], (value) => toFloat64(value));
const toDecimal = define(['any'], (value) => int64Value(parseGoInt(toText(value), 8) ?? 0n));

const atoi = define(['string'], (text) => {
  const value = parseGoInt(text, 10);
  if (value !== undefined || !/^[-+]?[0-9]+$/.test(text)) return value ?? 0n;
  return text.startsWith('-') ? -(2n ** 63n) : 2n ** 63n - 1n;
});

/** Sprig's arithmetic and conversions to numbers. */
export const mathFunctions: FunctionEntries = [
  ['add1', add1],
  ['add', add],
  ['sub', sub],
  ['div', div],
  ['mod', mod],
  ['mul', mul],
  ['max', max],
  ['biggest', max],
  ['min', min],
  ['maxf', maxf],
  ['minf', minf],
  ['floor', floor],
  ['ceil', ceil],
  ['round', round],
  ['add1f', add1f],
  ['addf', addf],
  ['subf', decimalFunction(subtractDecimals)],
  ['divf', decimalFunction(divideDecimals)],
  ['mulf', decimalFunction(multiplyDecimals)],
  ['until', until],
  ['untilStep', untilStep],
  ['seq', seq],
  ['int', int],
  ['int64', int64],
  ['float64', float64],
  ['toDecimal', toDecimal],
  ['atoi', atoi],
];
