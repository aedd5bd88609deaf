import {
  GoInt,
  type GoMap,
  GoObject,
  goTypeOf,
  integerOf,
  isNil,
  listOf,
  mapOf,
  type Value,
} from '../../reflect/index.ts';
import { byteLength, bytesOfText, textOfBytes } from '../../strings/index.ts';
import { missingEntry } from '../compile/fields.ts';

/** `index x 1 "a"`: `x[1]["a"]`; throws with Go's text where that is not possible. */
export function index(item: Value, ...indexes: Value[]): Value {
  if (isNil(item)) throw new Error('index of untyped nil');
  let current: Value = item;
  for (const at of indexes) current = indexOnce(current, at);
  return current;
}

function indexOnce(item: Value, at: Value): Value {
  if (isNil(item)) throw new Error('index of nil pointer');
  const map = mapOf(item);
  if (map !== undefined) return map.get(keyOf(at)) ?? missingElement(item, map);
  const list = listOf(item);
  if (list !== undefined) return list[position(at, list.length, 'element')] ?? null;
  const bytes = typeof item === 'string' ? bytesOfText(item) : item;
  if (!(bytes instanceof Uint8Array)) throw new Error(`can't index item of type ${pointedType(item)}`);
  return new GoInt('uint8', BigInt(bytes[position(at, bytes.length, 'element')] ?? 0));
}

function missingElement(item: Value, map: GoMap): Value {
  return item instanceof GoObject ? (item.type.zeroElement ?? null) : missingEntry(map);
}

function keyOf(at: Value): string {
  if (typeof at === 'string') return at;
  throw new Error(
    isNil(at) ? 'value is nil; should be of type string' : `value has type ${goTypeOf(at)}; should be string`,
  );
}

/** An index as a number. Go lets an element's index equal the length here and fails afterwards, in its runtime. */
function position(at: Value, length: number, use: 'element' | 'end'): number {
  if (isNil(at)) throw new Error('cannot index slice/array with nil');
  const number = integerOf(at);
  if (number === undefined) throw new Error(`cannot index slice/array with type ${goTypeOf(at)}`);
  if (number < 0n || number > BigInt(length)) throw new Error(`index out of range: ${number}`);
  if (use === 'element' && number === BigInt(length)) throw new Error('reflect: slice index out of range');
  return Number(number);
}

/** The value's type, or what it points at: these functions look through pointers. */
function pointedType(item: Value): string {
  return goTypeOf(item).replace(/^\*/, '');
}

/** `slice x 1 2`: `x[1:2]`, of a string by bytes. */
export function slice(item: Value, ...indexes: Value[]): Value {
  if (isNil(item)) throw new Error('slice of untyped nil');
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`);
  const list = listOf(item);
  if (list !== undefined) return list.slice(...bounds(indexes, list.length));
  if (item instanceof Uint8Array) return item.slice(...bounds(indexes, item.length));
  if (typeof item !== 'string') throw new Error(`can't slice item of type ${pointedType(item)}`);
  if (indexes.length === 3) throw new Error('cannot 3-index slice a string');
  const bytes = bytesOfText(item);
  return textOfBytes(bytes.subarray(...bounds(indexes, bytes.length)));
}

function bounds(indexes: readonly Value[], length: number): [number, number] {
  const [low = 0, high = length, max = length] = indexes.map((at) => position(at, length, 'end'));
  if (low > high) throw new Error(`invalid slice index: ${low} > ${high}`);
  if (high > max) throw new Error(`invalid slice index: ${high} > ${max}`);
  return [low, high];
}

/** The length of a string in bytes, or of a collection. */
export function length(item: Value): number {
  if (item === undefined) throw new Error('reflect: call of reflect.Value.Type on zero Value');
  if (item === null) throw new Error('len of nil pointer');
  if (typeof item === 'string') return byteLength(item);
  if (item instanceof Uint8Array) return item.length;
  const size = listOf(item)?.length ?? mapOf(item)?.size;
  if (size === undefined) throw new Error(`len of type ${pointedType(item)}`);
  return size;
}
