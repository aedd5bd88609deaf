import { Existing } from '../memo/index.ts';
import { GoInt, GoObject, sortStrings } from '../reflect/index.ts';

/** A value in the shapes that the writers know. */
export type Encodable =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly unknown[]
  | ReadonlyMap<string, unknown>
  | Readonly<Record<string, unknown>>;

/** A list or map that is Go's nil, by a private field of it, which costs a tenth of an entry in a `WeakSet`. */
class Nil extends Existing {
  readonly #isNil = true;

  static mark(container: object): void {
    if (!(#isNil in container)) new Nil(container);
  }

  static is(container: object): boolean {
    return #isNil in container && container.#isNil;
  }
}

/** Marks an empty list or map as Go's nil slice or map, which templates see as empty and writers as null; returns it. */
export function asNil<T extends unknown[] | Map<string, unknown>>(container: T): T {
  Nil.mark(container);
  return container;
}

function isNilled(container: readonly unknown[] | ReadonlyMap<unknown, unknown>): boolean {
  return ('size' in container ? container.size : container.length) === 0 && Nil.is(container);
}

/** The fields of a Go struct, which encoders write in their order and not sorted as the keys of a map. */
export class FieldMap extends Map<string, unknown> {}

/** The object as a Go struct that has these fields; undefined ones are left out. */
export function fieldsOf(struct: object): FieldMap {
  return new FieldMap(Object.entries(struct).filter(([, value]) => value !== undefined));
}

/** An object that itself says what it is in JSON, as Go types do by their tags. */
interface SelfEncoding {
  toJSON(): unknown;
}

/**
 * The value as Go's encoding/json sees it: bytes are base64, a `GoObject` is what its `toJSON` returns or else its fields by name.
 * Throws where Go cannot encode the value.
 */
export function encodable(value: unknown): Encodable {
  if (typeof value === 'object') return encodableObject(value);
  if (typeof value === 'number') return finite(value);
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value === undefined) return null;
  throw new Error(`json: unsupported type: ${typeof value}`);
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new Error(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
}

function encodableObject(value: object | null): Encodable {
  if (Array.isArray(value) || value instanceof Map) return isNilled(value) ? null : value;
  if (value === null) return value;
  if (value instanceof GoInt) return value.value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isSelfEncoding(value)) return encodable(value.toJSON());
  if (value instanceof GoObject) return encodableGoObject(value);
  return value as Readonly<Record<string, unknown>>;
}

function encodableGoObject(value: GoObject): Encodable {
  if (value.type.kind === 'func') throw new Error(`json: unsupported type: ${value.type.name}`);
  return value.fields ?? (value.type.kind === 'slice' || value.type.kind === 'map' ? null : {});
}

function isSelfEncoding(value: object): value is SelfEncoding {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** The keys of a map or plain object in Go's order, and how to look a key up. */
export interface Entries {
  readonly keys: string[];
  readonly get: (key: string) => unknown;
}

/** The entries of a map or plain object, in the order they have. */
export function entriesOf(map: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>): Entries {
  if (map instanceof Map) return { keys: [...map.keys()] as string[], get: (key) => map.get(key) as unknown };
  const object = map as Readonly<Record<string, unknown>>;
  return { keys: Object.keys(object), get: (key) => object[key] };
}

/** The entries sorted by their keys as Go's encoding/json sorts them, but for the fields of structs. */
export function sortedEntriesOf(map: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>): Entries {
  const entries = entriesOf(map);
  if (!(map instanceof FieldMap)) sortStrings(entries.keys);
  return entries;
}

/** Text that stands in the output as it is. */
export class Verbatim {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A Go struct that itself says what it is to encoders that do not go by its JSON tags. */
interface GoStruct {
  toToml(): FieldMap | Verbatim;
  toPrettyYaml(): FieldMap | Verbatim;
}

/** The value as encoders see it that do not go by way of JSON: bytes are numbers, structs have their fields. */
export function encodableInGo(value: unknown, view: keyof GoStruct): Encodable | Verbatim {
  if (value instanceof Uint8Array) return Array.from(value, BigInt);
  return typeof value === 'object' && value !== null && isGoStruct(value) ? value[view]() : encodable(value);
}

function isGoStruct(value: object): value is GoStruct {
  return 'toToml' in value && 'toPrettyYaml' in value;
}
