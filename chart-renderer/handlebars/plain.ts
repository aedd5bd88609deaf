import type { Value } from '../go-template/index.ts';
import { GoInt, GoObject } from '../go-template/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { setKey } from '../json.ts';

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
