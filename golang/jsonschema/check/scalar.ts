import { displayNumber, withCommas } from '../json-values.ts';
import { quoted } from '../problem.ts';
import type { Schema } from '../schema.ts';
import type { Visit } from './visit.ts';

/** The keywords about texts. */
export function checkText(visit: Visit, text: string): void {
  checkSize(visit, 'Length', () => Array.from(text).length);
  const { schema } = visit;
  const pattern = schema.keyword('pattern');
  if (typeof pattern !== 'string' || schema.patterns.get(pattern)?.test(text) === true) return;
  visit.add(`${quoted(text)} does not match pattern ${quoted(pattern)}`);
}

/** `minLength` and `maxLength`, or those of another measure. */
export function checkSize(visit: Visit, measure: 'Length' | 'Items' | 'Properties', sizeOf: () => number): void {
  const min = visit.schema.number(`min${measure}`);
  const max = visit.schema.number(`max${measure}`);
  if (min === undefined && max === undefined) return;
  const size = sizeOf();
  if (min !== undefined && size < min) visit.add(`min${measure}: got ${withCommas(size)}, want ${withCommas(min)}`);
  if (max !== undefined && size > max) visit.add(`max${measure}: got ${withCommas(size)}, want ${withCommas(max)}`);
}

/** The keywords about numbers. */
export function checkNumber(visit: Visit, value: number): void {
  const { schema } = visit;
  for (const [name, isKept] of LIMITS) {
    const limit = limitOf(schema, name);
    if (limit !== undefined && !isKept(value, limit))
      visit.add(`${name}: got ${displayNumber(value)}, want ${displayNumber(limit)}`);
  }
}

const LIMITS: readonly (readonly [string, (value: number, limit: number) => boolean])[] = [
  ['minimum', (value, limit) => value >= limit],
  ['maximum', (value, limit) => value <= limit],
  ['exclusiveMinimum', (value, limit) => value > limit],
  ['exclusiveMaximum', (value, limit) => value < limit],
  ['multipleOf', isMultiple],
];

/** A limit's number; in draft 4 a flag beside `minimum` or `maximum` makes it exclusive. */
function limitOf(schema: Schema, name: string): number | undefined {
  const inclusive = name.replace(/^exclusive(.)/, (_whole, first: string) => first.toLowerCase());
  const exclusive = `exclusive${inclusive.charAt(0).toUpperCase()}${inclusive.slice(1)}`;
  if (schema.keyword(exclusive) !== true) return schema.number(name);
  return name === exclusive ? schema.number(inclusive) : undefined;
}

/** Exact for decimals: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, of: number): boolean {
  const [a, b] = [fractionOf(value), fractionOf(of)];
  return (a.numerator * b.denominator) % (b.numerator * a.denominator) === 0n;
}

function fractionOf(value: number): { readonly numerator: bigint; readonly denominator: bigint } {
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', decimals = ''] = digits.split('.');
  const power = Number(exponent) - decimals.length;
  const numerator = BigInt(whole + decimals);
  return power < 0
    ? { numerator, denominator: 10n ** BigInt(-power) }
    : { numerator: numerator * 10n ** BigInt(power), denominator: 1n };
}
