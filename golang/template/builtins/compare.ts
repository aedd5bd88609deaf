import { formatValue, printAny } from '../../fmt/index.ts';
import {
  compareStrings,
  Complex,
  GoInt,
  GoObject,
  goTypeOf,
  integerOf,
  isNil,
  kindOf,
  type Value,
} from '../../reflect/index.ts';

type Basic = 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'string' | 'other';

const BASIC_KINDS: Readonly<Record<string, Basic>> = {
  string: 'string',
  bigint: 'int',
  number: 'float',
  boolean: 'bool',
};

function basicKind(value: Value): Basic {
  const basic = BASIC_KINDS[typeof value];
  if (basic !== undefined) return basic;
  if (value instanceof Complex) return 'complex';
  if (value instanceof GoInt) return value.kind.startsWith('u') ? 'uint' : 'int';
  return integerOf(value) === undefined ? 'other' : 'int';
}

/** Whether the first value equals any of the others; throws where Go cannot compare them. */
export function equals(first: Value, ...others: Value[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.some((other) => equalsOne(first, other));
}

function equalsOne(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const kind = basicKind(a);
  const other = basicKind(b);
  if (areIntegers(kind, other)) return integerOf(a) === integerOf(b);
  if (kind !== other) return equalsUnlike(a, b);
  if (a instanceof Complex && b instanceof Complex) return a.real === b.real && a.imaginary === b.imaginary;
  return kind === 'other' ? equalsOther(a, b) : a === b;
}

function equalsUnlike(a: Value, b: Value): false {
  if (isNil(a) || isNil(b)) return false;
  throw new Error(`incompatible types for comparison: ${goTypeOf(a)} and ${goTypeOf(b)}`);
}

function areIntegers(a: Basic, b: Basic): boolean {
  return (a === 'int' || a === 'uint') && (b === 'int' || b === 'uint');
}

function equalsOther(a: Value, b: Value): boolean {
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (kindOf(a) !== kindOf(b)) {
    throw new Error(`non-comparable types ${formatValue(a, 's')}: ${goTypeOf(a)}, ${goTypeOf(b)}: ${printAny(b)}`);
  }
  if (kindOf(b) === 'ptr') return a === b;
  if (a instanceof GoObject && b instanceof GoObject) {
    // A value that cannot be pointed at has fewer methods, but is of the same type in Go.
    const { areEqual } = a.type;
    if (areEqual !== undefined && areEqual === b.type.areEqual) return areEqual(a, b);
  }
  throw new Error(`non-comparable type ${formatValue(b, 's')}: ${goTypeOf(b)}`);
}

/** Whether the first value is less than the second; throws where Go cannot order them. */
export function isLess(a: Value, b: Value): boolean {
  const kind = orderedKind(a);
  const other = orderedKind(b);
  const [x, y] = [integerOf(a), integerOf(b)];
  if (x !== undefined && y !== undefined) return x < y;
  if (kind !== other) throw new Error(`incompatible types for comparison: ${goTypeOf(a)} and ${goTypeOf(b)}`);
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b) < 0;
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  throw new Error('invalid type for comparison');
}

function orderedKind(value: Value): Basic {
  const kind = basicKind(value);
  if (kind === 'other') throw new Error('invalid type for comparison');
  return kind;
}
