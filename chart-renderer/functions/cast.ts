import { printAny } from '../../golang/fmt/index.ts';
import { GoInt, GoObject, integerOf, type Value } from '../../golang/reflect/index.ts';
import { parseGoFloat, parseGoInt } from '../../golang/strconv/index.ts';
import { textOfBytes } from '../../golang/strings/index.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** The text that sprig makes of any value: strings and bytes as they are, anything else as `%v` prints it. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return textOfBytes(value);
  if (value instanceof GoObject && value.type.toText !== undefined) return value.type.toText(value);
  return printAny(value);
}

/** To spf13/cast, named types like time.Duration are not integers. */
function plainIntegerOf(value: Value): bigint | undefined {
  return value instanceof GoObject ? undefined : integerOf(value);
}

/** The integer that spf13/cast makes of a value; 0 for anything that is not one. */
export function toInt64(value: Value): bigint {
  const integer = plainIntegerOf(value);
  if (integer !== undefined) return BigInt.asIntN(64, integer);
  if (typeof value === 'number') return truncate(value);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'string' ? (parseGoInt(value.replace(/\.0+$/, ''), 0) ?? 0n) : 0n;
}

/** Go's conversion of a float64 to an int64 on amd64. */
function truncate(value: number): bigint {
  if (!Number.isFinite(value)) return MIN_INT64;
  const whole = BigInt(Math.trunc(value));
  return whole < MIN_INT64 || whole > MAX_INT64 ? MIN_INT64 : whole;
}

/** The number that spf13/cast makes of a value; 0 for anything that is not one. */
export function toFloat64(value: Value): number {
  const integer = plainIntegerOf(value);
  if (integer !== undefined) return Number(integer);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? (parseGoFloat(value) ?? 0) : 0;
}

/** An int64 as a value. */
export function int64Value(value: bigint): GoInt {
  return new GoInt('int64', value);
}
