import { GoInt, integerOf, intValue, listOf, mapOf, sortedKeys, type Value } from '../../reflect/index.ts';
import { BREAK, type Execution, type Signal, type Execute } from './execution.ts';

/** What a range does each round: sets its variables and runs its body. */
export interface Loop {
  /** The slot of the variable for the index or key. */
  readonly index: number | undefined;
  /** The slot of the variable for the element. */
  readonly element: number | undefined;
  readonly body: Execute;
}

/** Whether a value can be ranged over at all; nil can, and is empty. */
export function isIterable(value: Value): boolean {
  if (value === undefined || value === null || integerOf(value) !== undefined) return true;
  return value instanceof Uint8Array || listOf(value) !== undefined || mapOf(value) !== undefined;
}

/** Runs the loop over what `isIterable` allows; tells whether there was anything. */
export function iterate(loop: Loop, value: Value, run: Execution): boolean {
  const outer = run.callPath;
  run.callPath = outer.intoLoop();
  const hadRounds = iterateOver(loop, value, run);
  run.callPath = outer;
  return hadRounds;
}

function iterateOver(loop: Loop, value: Value, run: Execution): boolean {
  const list = listOf(value);
  if (list !== undefined) return iterateList(loop, list, run);
  const map = mapOf(value);
  if (map !== undefined) {
    const keys = sortedKeys(map);
    const elements = keys.map((key) => map.get(key) ?? null);
    for (let i = 0; i < keys.length && round(loop, run, keys[i], elements[i]) !== BREAK; i++);
    return keys.length > 0;
  }
  if (value instanceof Uint8Array) return iterateList(loop, Array.from(value, byteValue), run);
  return iterateInteger(loop, value, run);
}

function byteValue(byte: number): GoInt {
  return new GoInt('uint8', BigInt(byte));
}

function iterateList(loop: Loop, list: readonly Value[], run: Execution): boolean {
  const { length } = list;
  for (let i = 0; i < length && round(loop, run, intValue(i), list[i] ?? null) !== BREAK; i++);
  return length > 0;
}

function iterateInteger(loop: Loop, value: Value, run: Execution): boolean {
  if (value instanceof GoInt) {
    const { kind, value: end } = value;
    for (let i = 0n; i < end && round(loop, run, undefined, new GoInt(kind, i)) !== BREAK; i++);
    return end > 0n;
  }
  if (typeof value !== 'bigint') return false;
  for (let i = 0n; i < value && round(loop, run, undefined, i) !== BREAK; i++);
  return value > 0n;
}

function round(loop: Loop, run: Execution, index: Value, element: Value): Signal {
  run.tick();
  run.callPath.index = index;
  run.callPath.element = element;
  if (loop.index !== undefined) run.variables[loop.index] = index;
  if (loop.element !== undefined) run.variables[loop.element] = element;
  return loop.body(run, element);
}
