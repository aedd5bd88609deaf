import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { atOnce } from '../steps.ts';
import { jsonOf, parseJson } from './json-text.ts';
import { isMap, type JsonMap } from './json.ts';

/** A value whose large parts are packed, and about how much memory it takes. */
export interface Pack<T> {
  value: T;
  bytes: number;
}

/** What takes no more characters of JSON than this stays as it is. */
const SMALL_CHARS = 256;
/** A packed text of more characters is compressed as well. */
const COMPRESSED_CHARS = 8 * 1024;
/** Below this depth, or with more keys than these, a map is packed as a whole. */
const MAX_DEPTH = 2;
/** An item of a record has its object in it. */
const MAX_DEPTH_OF_PARTS = MAX_DEPTH + 1;
const MAX_KEYS = 64;

/** About how many bytes the engine takes for a value, for each key of an object, and for a packed part. */
const BYTES = { value: 24, key: 40, part: 400 };

/**
 * The same value to every reader, key by key and in order, in a fraction of the memory: its large parts are kept as texts, compressed if
 * long, and decoded at each access. For what is kept long and read seldom. Parts must not be written to.
 */
export function pack<T extends object>(map: T): Pack<T> {
  return atOnce(packInSteps(map));
}

/** Like `pack`, in steps: it yields between large parts, so that its caller can let others run. */
export function* packInSteps<T extends object>(map: T): Generator<undefined, Pack<T>> {
  const known = sizes.get(map);
  if (known !== undefined) return { value: map, bytes: known };
  const { value, bytes } = yield* packedMap(map as unknown as JsonMap, 0);
  sizes.set(value, bytes);
  return { value: value as unknown as T, bytes };
}

/** A packed value with its parts decoded for good, for what is read over and over for a while. Parts may still be shared. */
export function unpacked<T extends object>(packed: T): T {
  return atOnce(unpackInSteps(packed));
}

/** Like `unpacked`, in steps: it yields after each packed part. */
export function* unpackInSteps<T extends object>(packed: T, depth = 0): Generator<undefined, T> {
  const value: JsonMap = {};
  for (const key of Object.keys(packed)) {
    const part = (packed as JsonMap)[key];
    setOwn(value, key, isMap(part) && depth < MAX_DEPTH ? yield* unpackInSteps(part, depth + 1) : part);
    if ((packed as Holder)[PARTS]?.has(key) === true) yield;
  }
  return value as T;
}

/** The JSON of a value that may have packed parts; these are not parsed for it. */
export function packedJson(value: unknown): string {
  return atOnce(packedJsonInSteps(value));
}

/** Like `packedJson`, in steps: it yields after each part. */
export function* packedJsonInSteps(value: unknown, depth = 0): Generator<undefined, string> {
  if (!isMap(value) || depth > MAX_DEPTH_OF_PARTS) return jsonOf(value);
  const parts = (value as Holder)[PARTS];
  const members: string[] = [];
  for (const key of Object.keys(value)) {
    const part = parts?.get(key);
    // As in JSON.stringify, what is undefined is left out.
    if (part === undefined && value[key] === undefined) continue;
    members.push(`${JSON.stringify(key)}:${part?.text() ?? (yield* packedJsonInSteps(value[key], depth + 1))}`);
    yield;
  }
  return `{${members.join(',')}}`;
}

/** About how many bytes a packed value takes, or a value would take if it were packed. */
export function packedBytes(value: object): number {
  return sizes.get(value) ?? pack(value).bytes;
}

const sizes = new WeakMap<object, number>();

/** A value as it is kept, and about how many characters its JSON has. */
interface Part extends Pack<unknown> {
  chars: number;
}

/** Where the packed parts of a map are kept, by key: all maps can then share the same getters, which the engine keeps once. */
const PARTS = Symbol('parts');

interface Holder {
  [PARTS]?: Map<string, Packed>;
}

function* packedMap(map: JsonMap, depth: number): Generator<undefined, Pack<JsonMap> & Part> {
  const value: JsonMap = {};
  const packed = new Map<string, Packed>();
  let bytes = BYTES.value;
  let chars = 2;
  for (const key of Object.keys(map)) {
    const part = yield* packedPart(map[key], depth);
    bytes += BYTES.key + part.bytes;
    chars += key.length + 4 + part.chars;
    if (part.value instanceof Packed) {
      packed.set(key, part.value);
      Object.defineProperty(value, key, accessTo(key));
    } else setOwn(value, key, part.value);
  }
  if (packed.size > 0) Object.defineProperty(value, PARTS, { value: packed });
  return { value, bytes, chars };
}

function* packedPart(value: unknown, depth: number): Generator<undefined, Part> {
  const plain = plainPart(value);
  if (plain) return plain;
  if (isMap(value) && depth < MAX_DEPTH && Object.keys(value).length <= MAX_KEYS) {
    const part = yield* packedMap(value, depth + 1);
    return part.chars <= SMALL_CHARS ? asItIs(value, part.chars) : part;
  }
  const text = jsonOf(value);
  if (text.length <= SMALL_CHARS) return asItIs(value, text.length);
  if (text.length > COMPRESSED_CHARS) yield;
  const part = new Packed(text);
  return { value: part, bytes: BYTES.part + part.bytes, chars: text.length };
}

/** A text, number, boolean or null as it is; undefined for lists, maps and long texts. */
function plainPart(value: unknown): Part | undefined {
  if (typeof value === 'string') {
    const { length } = value;
    return length > COMPRESSED_CHARS ? undefined : { value, bytes: BYTES.value + length, chars: length + 2 };
  }
  return typeof value === 'object' && value !== null ? undefined : { value, bytes: BYTES.value, chars: 5 };
}

/** A character may take one byte or two, a node of the value many. */
function asItIs(value: unknown, chars: number): Part {
  return { value, bytes: BYTES.value + 4 * chars, chars };
}

function setOwn(map: JsonMap, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The parts that were read last: several fields of one or two are often read in a row. */
let lastRead: { part: Packed; value: unknown }[] = [];
const MAX_LAST_READ = 4;

class Packed {
  readonly #content: string | Buffer;

  constructor(text: string) {
    this.#content = text.length > COMPRESSED_CHARS ? alone(deflateRawSync(text, { level: 1 })) : text;
  }

  get bytes(): number {
    return this.#content.length;
  }

  read(): unknown {
    const known = lastRead.find(({ part }) => part === this);
    if (known) return known.value;
    const value = parseJson(this.text());
    lastRead = [{ part: this, value }, ...lastRead.slice(0, MAX_LAST_READ - 1)];
    return value;
  }

  text(): string {
    return typeof this.#content === 'string' ? this.#content : inflateRawSync(this.#content).toString('utf8');
  }
}

/** In memory of its own: a few bytes of what Node allocates together, 64 KiB at a time, would keep all of it. */
function alone(bytes: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

/** The getters that maps share, by key; for further keys each map has its own. */
const getters = new Map<string, PropertyDescriptor>();
const MAX_GETTERS = 1_000;

function accessTo(key: string): PropertyDescriptor {
  const known = getters.get(key);
  if (known) return known;
  const access = {
    get(this: Holder): unknown {
      return this[PARTS]?.get(key)?.read();
    },
    enumerable: true,
    configurable: true,
  };
  if (getters.size < MAX_GETTERS) getters.set(key, access);
  return access;
}
