import { getKey, isJsonObject, type Json, type JsonObject, setKey } from '../../golang/json/index.ts';

/**
 * Lays tables of values over each other, later over earlier, as Helm does with several `-f`: tables are merged key by key, all else
 * is replaced, null included. Changes none of its arguments.
 */
export function mergeValues(...layers: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) setKey(merged, key, mergedValue(getKey(merged, key), value));
  }
  return merged;
}

function mergedValue(below: Json | undefined, above: Json): Json {
  return isJsonObject(below) && isJsonObject(above) ? mergeValues(below, above) : above;
}
