import { printAny } from '../../../golang/fmt/index.ts';
import { goTypeOf, integerOf, type Value } from '../../../golang/reflect/index.ts';
import { parseGoFloat, quote } from '../../../golang/strconv/index.ts';
import { define } from '../../../golang/template/index.ts';
import {
  durationValue,
  nanosOf,
  parseDuration,
  roundDuration,
  SECOND,
  truncateDuration,
  unitsIn,
} from '../../../golang/time/index.ts';
import { trimSpace } from '../../../golang/strings/index.ts';
import { int64Value } from '../cast.ts';
import type { FunctionEntries } from '../entries.ts';

const MAX_INT64 = 2n ** 63n - 1n;
const MAX_SECONDS = MAX_INT64 / SECOND;
const MAX_SECONDS_FLOAT = Number(MAX_INT64) / Number(SECOND);

/** The nanoseconds that Helm takes a value for: a duration, a text of one, or a number of seconds. Throws in Helm's words. */
function durationOf(value: Value): bigint {
  if (value === null || value === undefined) throw new Error('invalid duration');
  if (typeof value === 'string') return durationInText(value);
  if (typeof value === 'number') return durationOfFloat(value);
  const nanos = nanosOf(value);
  if (nanos !== undefined) return nanos;
  const seconds = integerOf(value);
  if (seconds === undefined) throw new Error(`unsupported duration type ${goTypeOf(value)}`);
  if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) throw new Error(`duration seconds overflow: ${seconds}`);
  return seconds * SECOND;
}

function durationInText(text: string): bigint {
  const trimmed = trimSpace(text);
  if (trimmed === '') throw new Error('empty duration');
  const nanos = parseDuration(trimmed);
  if (nanos !== undefined) return nanos;
  const seconds = parseGoFloat(trimmed);
  if (seconds === undefined) throw new Error(`could not parse duration ${quote(text)}`);
  return durationOfFloat(seconds);
}

function durationOfFloat(seconds: number): bigint {
  if (!Number.isFinite(seconds)) throw new Error(`invalid duration seconds: ${printAny(seconds)}`);
  if (Math.abs(seconds) > MAX_SECONDS_FLOAT) throw new Error(`duration seconds overflow: ${printAny(seconds)}`);
  // What is just too large becomes the smallest, as on amd64.
  return BigInt.asIntN(64, BigInt(Math.trunc(seconds * Number(SECOND))));
}

/** A duration, or what else is given where it is none. */
function orElse<T>(value: Value, otherwise: T): bigint | T {
  try {
    return durationOf(value);
  } catch {
    return otherwise;
  }
}

const inWhole = (unit: bigint): FunctionEntries[number][1] =>
  define(['any'], (value) => int64Value(orElse(value, 0n) / unit));

const inUnits = (unit: bigint, more = 1): FunctionEntries[number][1] =>
  define(['any'], (value) => unitsIn(orElse(value, 0n), unit) / more);

const toMultiple = (fit: (nanos: bigint, multiple: bigint) => bigint): FunctionEntries[number][1] =>
  define(['any', 'any'], (value, multiple) => {
    const nanos = orElse(value, undefined);
    // A multiple of zero leaves a duration as it is.
    return durationValue(nanos === undefined ? 0n : fit(nanos, orElse(multiple, 0n)));
  });

const HOUR = 3600n * SECOND;

/** The functions on durations that Helm has since version 4. What is not a duration counts as 0 to all but the first. */
export const durationFunctions: FunctionEntries = [
  ['mustToDuration', define(['any'], (value) => durationValue(durationOf(value)))],
  ['durationNanoseconds', inWhole(1n)],
  ['durationMicroseconds', inWhole(1_000n)],
  ['durationMilliseconds', inWhole(1_000_000n)],
  ['durationSeconds', inUnits(SECOND)],
  ['durationMinutes', inUnits(60n * SECOND)],
  ['durationHours', inUnits(HOUR)],
  ['durationDays', inUnits(HOUR, 24)],
  ['durationWeeks', define(['any'], (value) => unitsIn(orElse(value, 0n), HOUR) / 24 / 7)],
  ['durationRoundTo', toMultiple(roundDuration)],
  ['durationTruncateTo', toMultiple(truncateDuration)],
];
