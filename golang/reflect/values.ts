import { Existing } from '../memo/index.ts';

/**
 * The value model: how the values a Go template works on are held in JavaScript.
 *
 * | Go                          | here                                                             |
 * |-----------------------------|------------------------------------------------------------------|
 * | nil                         | `null` (`undefined` is read as nil too)                          |
 * | bool, string                | `boolean`, `string`                                              |
 * | float64                     | `number` (every number that comes from YAML or JSON)             |
 * | int                         | `bigint` (literals, `len`, range indexes)                        |
 * | int64, uint8, ...           | `GoInt`                                                          |
 * | []byte                      | `Uint8Array`                                                     |
 * | []interface{}               | array; other slices are arrays marked by `withGoType`            |
 * | map[string]interface{}      | `Map`; other maps with string keys are marked by `withGoType`    |
 * | structs, types with methods | `GoObject`                                                       |
 *
 * `Map` is used for maps because a key can then never meet a prototype, its size is known and a lookup by a key that is not
 * known in advance costs less than on an object.
 */
export type Value =
  null | undefined | boolean | string | number | bigint | Uint8Array | GoInt | GoObject | Value[] | GoMap;

/** A Go map with string keys; ranged over and printed in the order of its sorted keys. */
export type GoMap = Map<string, Value>;

/** The integer types other than `int`. */
export type IntKind = keyof typeof BITS;
const BITS = { int8: 8, int16: 16, int32: 32, int64: 64, uint: 64, uint8: 8, uint16: 16, uint32: 32, uint64: 64 };

/** An immutable integer of a Go type other than `int`; `value` is wrapped around to the type's range. */
export class GoInt {
  readonly kind: IntKind;
  readonly value: bigint;

  constructor(kind: IntKind, value: bigint) {
    this.kind = kind;
    this.value = wrapInteger(kind, value);
  }
}

/** The kinds of Go's reflect package that a value here can have. */
export type Kind =
  | 'invalid'
  | 'bool'
  | 'string'
  | 'float64'
  | 'int'
  | IntKind
  | 'slice'
  | 'map'
  | 'struct'
  | 'ptr'
  | 'func'
  | 'complex128';

/** What templates can see of a named Go type: its name, its methods and how it prints. */
export interface GoType {
  /** As `printf "%T"` shows it, such as `*chart.Metadata`; a leading `*` makes the kind `ptr`. */
  readonly name: string;
  /** What the type, or what it points at, is built on. */
  readonly kind: 'struct' | 'map' | 'slice' | 'int64' | 'func' | 'complex128';
  /** Which value of the type is false, where that does not go by what it is built on. */
  readonly isZero?: (receiver: GoObject) => boolean;
  /** The method set; a method is called with the receiver as first argument. */
  readonly methods?: ReadonlyMap<string, TemplateMethod>;
  /** The type's `String()` or `Error()`, used by printing. */
  readonly toText?: (receiver: GoObject) => string;
  /** As `toText`, of a type whose method wants a pointer: it only shows where an action writes the value itself. */
  readonly toTextInPlace?: (receiver: GoObject) => string;
  /** Of such a type: the value as an argument of any type, which cannot be pointed at and so has not that method. */
  readonly withoutAddress?: (receiver: GoObject) => GoObject;
  /** What a copy is that is made by reflection, where the value has fields that are not exported: those stay empty. */
  readonly deepCopied?: (receiver: GoObject) => GoObject;
  /** Whether Go's `==` holds for two values of the type, for structs that can be compared. */
  readonly areEqual?: (a: GoObject, b: GoObject) => boolean;
  /** The number a value is, for a type built on int64. */
  readonly toInteger?: (receiver: GoObject) => bigint;
  /** What a map has under a key that is missing; nil by default. */
  readonly zeroElement?: Value;
  /** The struct fields that printing shows, in order; all of them by default. */
  readonly printed?: readonly string[];
}

/** A method of a named type: its Go parameter types and its body, which throws an `Error` where Go returns one. */
export interface TemplateMethod {
  readonly params: readonly ParamType[];
  readonly run: (receiver: never, ...args: never[]) => Value;
}

/**
 * A value of a named Go type. `fields` is what it is built on: the fields by name of a struct (embedded ones promoted), the
 * entries of a map, the elements of a slice; null for opaque types, which subclass to hold their data.
 */
export class GoObject {
  readonly type: GoType;
  readonly fields: GoMap | Value[] | null;

  constructor(type: GoType, fields: GoMap | Value[] | null = null) {
    this.type = type;
    this.fields = fields;
  }
}

/** The Go type of a function's parameter; an object stands for a named type. */
export type ParamType =
  | 'any'
  | 'reflect'
  | 'string'
  | 'bool'
  | 'int'
  | 'int64'
  | 'uint32'
  | 'float64'
  | 'map'
  | 'list'
  | 'strings'
  | NamedParam;

/** A parameter of a named Go type. */
export interface NamedParam {
  readonly name: string;
  readonly accepts: (value: Value) => boolean;
}

/** A named map type with methods. */
export interface MapType {
  readonly name: string;
  /** A method is called with the map as first argument. */
  readonly methods: ReadonlyMap<string, TemplateMethod>;
}

/** The Go type of a slice or map as a private field of it, which costs a tenth of an entry in a `WeakMap`. */
class Typed extends Existing {
  #type: string | MapType;

  private constructor(object: object, type: string | MapType) {
    super(object);
    this.#type = type;
  }

  static mark(object: object, type: string | MapType): void {
    if (#type in object) object.#type = type;
    else new Typed(object, type);
  }

  static typeOf(object: object): string | MapType | undefined {
    return #type in object ? object.#type : undefined;
  }
}

const SMALL_INTS: readonly bigint[] = Array.from({ length: 1024 }, (_unused, i) => BigInt(i));

/** The Go `int` for a whole JavaScript number. */
export function intValue(whole: number): bigint {
  return SMALL_INTS[whole] ?? BigInt(whole);
}

/** Marks a slice or map as being of another Go type than `[]interface {}` or `map[string]interface {}`, and returns it. */
export function withGoType<T extends Value[] | GoMap>(value: T, type: string | MapType): T {
  Typed.mark(value, type);
  return value;
}

/** Marks a slice or map as being of the type of another one, and returns it. */
export function withTypeOf<T extends Value[] | GoMap>(value: T, like: Value[] | GoMap): T {
  const type = Typed.typeOf(like);
  return type === undefined ? value : withGoType(value, type);
}

/** The methods of the type that a map was marked with. */
export function methodsOfMap(map: GoMap): MapType['methods'] | undefined {
  const type = Typed.typeOf(map);
  return typeof type === 'object' ? type.methods : undefined;
}

/** Whether the value is Go's nil. */
export function isNil(value: Value): value is null | undefined {
  return value === null || value === undefined;
}

/** The exact integer a value of one of Go's integer kinds holds, or undefined for any other value. */
export function integerOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (value instanceof GoInt) return value.value;
  return value instanceof GoObject ? value.type.toInteger?.(value) : undefined;
}

/** The map a value is or is built on (struct fields are not a map), or undefined. */
export function mapOf(value: Value): GoMap | undefined {
  if (value instanceof Map) return value;
  if (value instanceof GoObject && value.type.kind === 'map')
    return value.fields instanceof Map ? value.fields : new Map();
  return undefined;
}

/** The array a value is or is built on (bytes are not), or undefined. */
export function listOf(value: Value): Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof GoObject && value.type.kind === 'slice') return Array.isArray(value.fields) ? value.fields : [];
  return undefined;
}

const PRIMITIVE_TYPES: Readonly<Record<string, string>> = { boolean: 'bool', number: 'float64', bigint: 'int' };

/** The type's name as Go's `%T` prints it; `<nil>` for nil. */
export function goTypeOf(value: Value): string {
  if (isNil(value)) return '<nil>';
  if (typeof value === 'object') return goTypeOfObject(value);
  return PRIMITIVE_TYPES[typeof value] ?? typeof value;
}

function goTypeOfObject(value: Value & object): string {
  if (value instanceof GoInt) return value.kind;
  if (value instanceof GoObject) return value.type.name;
  if (value instanceof Uint8Array) return '[]uint8';
  const marked = Typed.typeOf(value);
  if (marked !== undefined) return typeof marked === 'string' ? marked : marked.name;
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

/** The value's kind, named as by Go's reflect package; `invalid` for nil. */
export function kindOf(value: Value): Kind {
  if (isNil(value)) return 'invalid';
  if (value instanceof GoInt) return value.kind;
  if (value instanceof GoObject) return value.type.name.startsWith('*') ? 'ptr' : value.type.kind;
  if (value instanceof Map) return 'map';
  if (typeof value === 'object') return 'slice';
  return goTypeOf(value) as Kind;
}

/** Go's truth: false, 0, "", nil and empty slices and maps are false. */
export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'object') return Boolean(value);
  if (value === null) return false;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof GoInt) return value.value !== 0n;
  return isObjectTrue(value);
}

function isObjectTrue(object: GoObject): boolean {
  if (object.type.name.startsWith('*')) return true;
  if (object.type.isZero !== undefined) return !object.type.isZero(object);
  const { fields } = object;
  if (object.type.kind === 'map') return fields instanceof Map && fields.size > 0;
  if (object.type.kind === 'slice') return Array.isArray(fields) && fields.length > 0;
  return true;
}

/** The map's keys in Go's order (by UTF-8 bytes). */
export function sortedKeys(map: GoMap): string[] {
  return sortStrings([...map.keys()]);
}

const SURROGATE = /[\ud800-\udfff]/;

/** Sorts in place as Go does, by UTF-8 bytes, and returns the array. */
export function sortStrings(strings: string[]): string[] {
  return strings.some((text) => SURROGATE.test(text)) ? strings.sort(compareStrings) : strings.sort();
}

/** Negative, zero or positive as `a` sorts before, with or after `b` in Go, which compares UTF-8 bytes. */
export function compareStrings(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The value for parsed JSON or YAML: numbers become float64, objects maps. Deep, and shares nothing with its input, which may
 * already hold values (`Map`s, `GoObject`s); what JSON cannot hold becomes nil.
 */
export function fromJson(json: unknown): Value {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json;
  if (json === null || json === undefined) return null;
  if (Array.isArray(json)) return json.map(fromJson);
  return typeof json === 'bigint' ? json : fromJsonObject(json);
}

function fromJsonObject(json: object | symbol | ((...args: never[]) => unknown)): Value {
  if (json instanceof GoInt || json instanceof GoObject || json instanceof Uint8Array) return json;
  const map: GoMap = new Map();
  if (json instanceof Map) {
    for (const [key, value] of json) map.set(String(key), fromJson(value));
  } else if (typeof json === 'object') {
    for (const key of Object.keys(json)) map.set(key, fromJson((json as Record<string, unknown>)[key]));
  } else {
    return null;
  }
  return map;
}

function wrapInteger(kind: IntKind, value: bigint): bigint {
  const bits = BITS[kind];
  return kind.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
}
