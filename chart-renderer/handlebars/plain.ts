import { type Json, type JsonObject, setKey } from '../../golang/json/index.ts';
import { GoInt, GoObject, type Value } from '../../golang/reflect/index.ts';

/** A template value as the plain data that Handlebars walks: structs and maps become objects with own keys only. */
export function plainOf(value: Value): Json {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'object' && value !== null ? plainOfObject(value) : value;
}

function plainOfObject(value: Value & object): Json {
  if (value instanceof GoInt) return Number(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof GoObject) return plainOf(value.fields);
  if (Array.isArray(value)) return value.map(plainOf);
  const object: JsonObject = {};
  for (const [key, item] of value) setKey(object, key, plainOf(item));
  return object;
}

/** A struct as plain data, each of whose fields is read from the struct only when a template reads it. */
export function plainWhenRead(struct: Value): Json {
  if (!(struct instanceof GoObject) || !(struct.fields instanceof Map)) return plainOf(struct);
  const object: JsonObject = {};
  for (const [key, item] of struct.fields) {
    Object.defineProperty(object, key, { get: () => plainOf(item), enumerable: true, configurable: true });
  }
  return object;
}
