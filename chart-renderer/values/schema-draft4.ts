import type { Json, JsonObject } from '../json.ts';
import { isJsonObject, setKey } from '../json.ts';

const DATA_KEYWORDS = new Set(['enum', 'default', 'const', 'examples']);

/** A draft-04 schema in the words of draft-07: `$id` for `id`, numbers for boolean exclusive limits. */
export function upgradeDraft4(schema: JsonObject): JsonObject {
  const upgraded: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    const name = key === 'id' && typeof value === 'string' ? '$id' : key;
    setKey(upgraded, name, DATA_KEYWORDS.has(key) ? value : upgradeValue(value));
  }
  return withExclusiveLimit(withExclusiveLimit(upgraded, 'minimum', 'exclusiveMinimum'), 'maximum', 'exclusiveMaximum');
}

function upgradeValue(value: Json): Json {
  if (Array.isArray(value)) return value.map(upgradeValue);
  return isJsonObject(value) ? upgradeDraft4(value) : value;
}

function withExclusiveLimit(schema: JsonObject, limit: string, exclusive: string): JsonObject {
  if (typeof schema[exclusive] !== 'boolean') return schema;
  const { [limit]: value, [exclusive]: isExclusive, ...rest } = schema;
  if (value === undefined) return rest;
  return { ...rest, [isExclusive === true ? exclusive : limit]: value };
}
