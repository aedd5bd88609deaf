import type { JsonObject, Value } from './syntax.ts';

/** A map that an expression made, or that came from JSON. */
type CelMap = ReadonlyMap<Value, Value> | JsonObject;

/** Why an expression has no value; `isAbsence` where only something that is not there was read. */
export class CelError extends Error {
  override readonly name = 'CelError';
  readonly isAbsence: boolean;

  constructor(why: string, { isAbsence = false } = {}) {
    super(why);
    this.isAbsence = isAbsence;
  }
}

/** An expression, or the object that it reads, takes more steps than it may. */
export class CelCostError extends Error {
  override readonly name = 'CelCostError';
}

/** The steps that an evaluation may still take. */
export class Steps {
  #left: number;
  readonly #done = new Set<string>();

  constructor(max: number) {
    this.#left = max;
  }

  /** Takes steps. Throws CelCostError where there are none left. */
  take(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new CelCostError('it takes too many steps');
  }

  /** Takes steps for what is done once for a text, however often it is asked for. Throws CelCostError. */
  takeOnce(text: string, steps: number): void {
    if (this.#done.has(text)) return;
    this.take(steps);
    this.#done.add(text);
  }

  get left(): number {
    return Math.max(0, this.#left);
  }
}

/** The name of a value's type. */
export function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  const type = typeof value;
  const names: Readonly<Record<string, string>> = {
    boolean: 'bool',
    bigint: 'int',
    number: 'double',
    string: 'string',
  };
  return names[type] ?? 'map';
}

/** A value of JSON as a value of an expression; whole numbers are ints. */
export function valueOf(json: unknown): Value {
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (json === undefined) return null;
  return json as Value;
}

/** A field of a map; undefined where it has none of that name. */
export function fieldOf(map: CelMap, key: Value): Value | undefined {
  if (isMade(map)) return map.get(key);
  return typeof key === 'string' && Object.hasOwn(map, key) ? valueOf(map[key]) : undefined;
}

/** Whether a value is a map. */
export function isMap(value: Value): value is CelMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys of a map, each of them a step. Throws CelCostError. */
export function keysOf(map: CelMap, steps: Steps): Value[] {
  const keys = isMade(map) ? [...map.keys()] : Object.keys(map);
  steps.take(keys.length);
  return keys;
}

/** Whether an expression made it; JSON has none. */
function isMade(map: CelMap): map is ReadonlyMap<Value, Value> {
  return map instanceof Map;
}

/** Whether two values are equal: numbers by their value, of whatever type, and values of different types never. */
export function areEqual(left: Value, right: Value, steps: Steps): boolean {
  steps.take(typeof left === 'string' ? 1 + textSteps(left) : 1);
  if (isNumber(left) && isNumber(right)) return areNumbersEqual(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return areListsEqual(left, right, steps);
  return isMap(left) && isMap(right) ? areMapsEqual(left, right, steps) : left === right;
}

function areNumbersEqual(left: bigint | number, right: bigint | number): boolean {
  if (typeof left === typeof right) return left === right;
  const [int, double] = typeof left === 'bigint' ? [left, Number(right)] : [BigInt(right), Number(left)];
  return Number.isInteger(double) && BigInt(double) === int;
}

function areListsEqual(left: readonly unknown[], right: readonly unknown[], steps: Steps): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => areEqual(valueOf(item), valueOf(right[index]), steps));
}

function areMapsEqual(left: CelMap, right: CelMap, steps: Steps): boolean {
  const keys = keysOf(left, steps);
  if (keys.length !== keysOf(right, steps).length) return false;
  return keys.every((key) => {
    const [ours, theirs] = [fieldOf(left, key), fieldOf(right, key)];
    return ours !== undefined && theirs !== undefined && areEqual(ours, theirs, steps);
  });
}

/** Whether a value is an int or a double. */
export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** The steps that reading a text takes. */
export function textSteps(text: string): number {
  return text.length >> 4;
}
