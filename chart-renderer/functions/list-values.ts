import { asNil } from '../../golang/json/index.ts';
import {
  GoInt,
  GoObject,
  goTypeOf,
  isNil,
  type Kind,
  kindOf,
  listOf,
  type Value,
  withGoType,
} from '../../golang/reflect/index.ts';

const NIL_POINTER = 'runtime error: invalid memory address or nil pointer dereference';

/** The items of a slice of any type; throws what sprig does, with `message` for the kind of what is not a slice. */
export function itemsOf(list: Value, message: (kind: Kind) => string): readonly Value[] {
  const items = listOf(list);
  if (items !== undefined) return items;
  if (isNil(list)) throw new Error(NIL_POINTER);
  if (list instanceof Uint8Array) return Array.from(list, (byte) => new GoInt('uint8', BigInt(byte)));
  throw new Error(message(kindOf(list)));
}

/** The strings of a value as sprig's strslice has it: the texts of a slice's items, leaving out nil, or of one value. */
export function stringsOf(value: Value, toText: (item: Value) => string): string[] {
  const items = listOf(value);
  if (items !== undefined) return items.filter((item) => !isNil(item)).map(toText);
  if (value instanceof Uint8Array) return Array.from(value, String);
  return isNil(value) ? [] : [toText(value)];
}

/** The strings as a `[]string` that is nil where there are none, as Go's regexp and split return it. */
export function stringSliceOrNil(strings: string[]): Value[] {
  const slice = stringSlice(strings);
  return slice.length === 0 ? asNil(slice) : slice;
}

/** The strings as a `[]string`. */
export function stringSlice(strings: string[]): Value[] {
  return withGoType<Value[]>(strings, '[]string');
}

/** `reflect.DeepEqual`: types count, so the int 1 and the float64 1 differ. */
export function deepEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isNil(a) && isNil(b)) return true;
  return isObject(a) && isObject(b) && goTypeOf(a) === goTypeOf(b) && deepEqualObjects(a, b);
}

function isObject(value: Value): value is Value & object {
  return typeof value === 'object' && value !== null;
}

function deepEqualObjects(a: Value & object, b: Value & object): boolean {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof GoInt) return b instanceof GoInt && a.value === b.value;
  return deepEqualContainers(partsOf(a), partsOf(b));
}

type Parts = readonly Value[] | ReadonlyMap<string, Value> | null;

function partsOf(value: Value & object): Parts {
  if (value instanceof GoObject) return value.fields;
  return Array.isArray(value) || value instanceof Map ? value : null;
}

function deepEqualContainers(a: Parts, b: Parts): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item: Value, i) => deepEqual(item, b[i] ?? null));
  }
  if (!(a instanceof Map) || !(b instanceof Map) || a.size !== b.size) return false;
  for (const [key, value] of a as ReadonlyMap<string, Value>) {
    const other = b.get(key);
    if (other === undefined || !deepEqual(value, other)) return false;
  }
  return true;
}
