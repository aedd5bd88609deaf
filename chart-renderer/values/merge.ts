import { getKey, isJsonObject, type JsonObject, setKey } from '../../golang/json/index.ts';

/**
 * Lays tables of values over each other, later over earlier, as Helm does with several `-f`: tables are merged key by key, all else
 * is replaced, null included. Changes none of its arguments; takes as long as these are large, however many they are.
 */
export function mergeValues(...layers: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = {};
  const copies = new WeakSet<JsonObject>();
  for (const layer of layers) lay(layer, merged, copies);
  return merged;
}

/** Lays a table over another one; what is changed below is copied once. */
function lay(above: JsonObject, merged: JsonObject, copies: WeakSet<JsonObject>): void {
  for (const [key, value] of Object.entries(above)) {
    const below = getKey(merged, key);
    if (isJsonObject(below) && isJsonObject(value)) {
      const copy = copies.has(below) ? below : { ...below };
      copies.add(copy);
      setKey(merged, key, copy);
      lay(value, copy, copies);
    } else setKey(merged, key, value);
  }
}
