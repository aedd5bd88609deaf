import type { BinaryOperator, Value } from './syntax.ts';
import { areEqual, CelError, fieldOf, isMap, isNumber, textSteps, typeOf, type Steps } from './values.ts';

type Comparison = '<' | '<=' | '>' | '>=';
type Calculation = '+' | '-' | '*' | '/' | '%';

/** Texts and lists that an expression makes may be so long. */
const MAX_MADE = 100_000;
const MAX_INT = 2n ** 63n;

type Operation = (left: Value, right: Value, steps: Steps) => Value;

const OPERATIONS: Readonly<Record<BinaryOperator, Operation>> = {
  '==': areEqual,
  '!=': (left, right, steps) => !areEqual(left, right, steps),
  in: isIn,
  '<': comparison('<', (left, right) => left < right),
  '<=': comparison('<=', (left, right) => left <= right),
  '>': comparison('>', (left, right) => left > right),
  '>=': comparison('>=', (left, right) => left >= right),
  '+': (left, right, steps) => joined(left, right, steps) ?? calculated('+', left, right),
  '-': (left, right) => calculated('-', left, right),
  '*': (left, right) => calculated('*', left, right),
  '/': (left, right) => calculated('/', left, right),
  '%': (left, right) => calculated('%', left, right),
};

/** The result of an operator. Throws CelError where it has none for these types, CelCostError. */
export function applied(operator: BinaryOperator, left: Value, right: Value, steps: Steps): Value {
  return OPERATIONS[operator](left, right, steps);
}

function isIn(item: Value, container: Value, steps: Steps): boolean {
  if (Array.isArray(container)) return container.some((each) => areEqual(item, each, steps));
  if (isMap(container)) return fieldOf(container, item) !== undefined;
  throw noOverload('in', item, container);
}

type Ordered = number | bigint | string | boolean;

function comparison(operator: Comparison, holds: (left: Ordered, right: Ordered) => boolean): Operation {
  return (left, right, steps) => {
    if (isNumber(left) && isNumber(right)) return holds(left, right);
    if (typeof left === 'boolean' && typeof right === 'boolean') return holds(left, right);
    if (typeof left !== 'string' || typeof right !== 'string') throw noOverload(operator, left, right);
    steps.take(textSteps(left));
    return holds(left, right);
  };
}

/** Texts and lists, one after the other; undefined where they are neither. */
function joined(left: Value, right: Value, steps: Steps): Value | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    takeForMade('text', left.length + right.length, steps);
    return left + right;
  }
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
  takeForMade('list', left.length + right.length, steps);
  return [...left, ...right];
}

function takeForMade(what: string, length: number, steps: Steps): void {
  if (length > MAX_MADE) throw new CelError(`it makes a ${what} of more than ${MAX_MADE}`);
  steps.take(1 + (length >> 4));
}

const OF_INTS: Readonly<Record<Calculation, (left: bigint, right: bigint) => bigint>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
};
const OF_DOUBLES: Readonly<Partial<Record<Calculation, (left: number, right: number) => number>>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

function calculated(operator: Calculation, left: Value, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    const divides = operator === '/' || operator === '%';
    if (divides && right === 0n) throw new CelError(operator === '/' ? 'division by zero' : 'modulus by zero');
    return bounded(OF_INTS[operator](left, right));
  }
  const ofDoubles = OF_DOUBLES[operator];
  if (typeof left !== 'number' || typeof right !== 'number' || !ofDoubles) throw noOverload(operator, left, right);
  return ofDoubles(left, right);
}

/** An int that fits in 64 bits. Throws CelError. */
export function bounded(int: bigint): bigint {
  if (int >= MAX_INT || int < -MAX_INT) throw new CelError('an int overflows');
  return int;
}

/** That an operator or a function takes no values of these types. */
export function noOverload(name: string, ...values: Value[]): CelError {
  return new CelError(`"${name}" takes no ${values.map(typeOf).join(' and ')}`);
}
