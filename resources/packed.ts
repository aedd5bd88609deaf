import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { jsonOf, parseJson } from './json-text.ts';
import { isMap, type JsonMap } from './json.ts';

/** A value of which the large parts are packed, and about how much memory it takes. */
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
const MAX_KEYS = 64;

/** About what the engine takes for a value, for each key of an object, and for a part that is packed. */
const BYTES = { value: 24, key: 40, part: 400 };

/**
 * The same value to every reader, key by key and in order, in a fraction of the memory: its large parts are texts, compressed where
 * long, that are read anew at each access. For what is kept long and read little. Parts must not be written to.
 */
export function pack<T extends object>(map: T): Pack<T> {
  const packed = packedMap(map as unknown as JsonMap, 0);
  sizes.set(packed.value, packed.bytes);
  return packed as unknown as Pack<T>;
}

/** A packed value, read for good: for what is read over and over for a while. Parts may still be shared. */
export function unpacked<T extends object>(packed: T, depth = 0): T {
  const entries = Object.entries(packed).map(([key, part]: [string, unknown]): [string, unknown] => {
    return [key, isMap(part) && depth < MAX_DEPTH ? unpacked(part, depth + 1) : part];
  });
  return Object.fromEntries(entries) as T;
}

/** About what a value takes that was packed, or would. */
export function packedBytes(value: object): number {
  return sizes.get(value) ?? pack(value).bytes;
}

const sizes = new WeakMap<object, number>();

function packedMap(map: JsonMap, depth: number): Pack<JsonMap> {
  const value: JsonMap = {};
  let bytes = BYTES.value;
  for (const key of Object.keys(map)) {
    const part = packedPart(map[key], depth);
    bytes += BYTES.key + part.bytes;
    const kept = part.value instanceof Packed ? accessTo(part.value) : { value: part.value, writable: true };
    Object.defineProperty(value, key, { ...kept, enumerable: true, configurable: true });
  }
  return { value, bytes };
}

function packedPart(value: unknown, depth: number): Pack<unknown> {
  const chars = charsOf(value, SMALL_CHARS);
  // A character may take one byte or two, a node of the value many.
  if (chars <= SMALL_CHARS) return { value, bytes: BYTES.value + chars * (typeof value === 'object' ? 4 : 1) };
  if (typeof value === 'string' && value.length <= COMPRESSED_CHARS)
    return { value, bytes: BYTES.value + value.length };
  if (isMap(value) && depth < MAX_DEPTH && Object.keys(value).length <= MAX_KEYS) return packedMap(value, depth + 1);
  const part = new Packed(jsonOf(value));
  return { value: part, bytes: BYTES.part + part.bytes };
}

/** The part that was read last: several fields of one are often read in a row. */
let lastRead: { part: Packed; value: unknown } | undefined;

class Packed {
  readonly #content: string | Buffer;

  constructor(text: string) {
    this.#content = text.length > COMPRESSED_CHARS ? deflateRawSync(text, { level: 1 }) : text;
  }

  get bytes(): number {
    return this.#content.length;
  }

  read(): unknown {
    if (lastRead?.part !== this) lastRead = { part: this, value: parseJson(this.#text()) };
    return lastRead.value;
  }

  #text(): string {
    return typeof this.#content === 'string' ? this.#content : inflateRawSync(this.#content).toString('utf8');
  }
}

function accessTo(part: Packed): PropertyDescriptor {
  return { get: () => part.read() };
}

/** The characters of a value's JSON, or more than `limit`, counted no further. */
function charsOf(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 5;
  let chars = 2;
  for (const key in value) {
    chars += key.length + 4 + charsOf((value as JsonMap)[key], limit - chars);
    if (chars > limit) return chars;
  }
  return chars;
}
