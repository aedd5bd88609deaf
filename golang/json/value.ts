/** A value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object; keys may be any string, `__proto__` included, so they are set by `setKey`. */
export interface JsonObject {
  [key: string]: Json;
}

/** Whether the value is an object: neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own value under a key, or undefined; never one that its prototype holds. */
export function getKey(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own key, whatever its name. */
export function setKey<V>(object: Record<string, V>, key: string, value: V): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, ...PLAIN_PROPERTY });
  else object[key] = value;
}

const PLAIN_PROPERTY = { writable: true, enumerable: true, configurable: true };

/** The value decoded from the maps and lists of a template engine's values; anything else is kept. */
export function toJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (!(value instanceof Map)) return (value ?? null) as Json;
  const object: JsonObject = {};
  for (const [key, item] of value) setKey(object, String(key), toJson(item));
  return object;
}
