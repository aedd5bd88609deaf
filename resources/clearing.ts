import type { JsonMap } from './json.ts';
import { isMap, valueAt } from './json.ts';
import type { KubeObject } from './types.ts';

const REFUSED_FIELD = /(?<![\w.\]])([a-z]\w*(?:\.\w+)+): (?:Forbidden|Invalid value)/g;

/**
 * The merge patch that has to come before the apply of `desired` which the API server refused as invalid: it sets the refused fields to
 * null, and those beside them to what is desired. An apply takes away only what the same manager applied before, so a default such as
 * `strategy.rollingUpdate` stays, and is in the way of `strategy.type: Recreate`. Undefined if no field that is refused is merely absent
 * from `desired`, or if it is in a list.
 */
export function clearingPatch(desired: KubeObject, refusal: string): JsonMap | undefined {
  const paths = [...refusal.matchAll(REFUSED_FIELD)].map(([, path = '']) => path.split('.'));
  const clearable = paths.filter((path) => isMap(valueAt(desired, ...path.slice(0, -1))) && !isSet(desired, path));
  if (clearable.length === 0) return undefined;
  return clearable.reduce<JsonMap>((patch, path) => withCleared(patch, desired, path), {});
}

function isSet(desired: KubeObject, path: readonly string[]): boolean {
  return valueAt(desired, ...path) !== undefined;
}

function withCleared(patch: JsonMap, desired: unknown, [key = '', ...rest]: readonly string[]): JsonMap {
  if (rest.length === 0) return { ...(isMap(desired) ? desired : {}), ...patch, [key]: null };
  const below = patch[key];
  return { ...patch, [key]: withCleared(isMap(below) ? below : {}, valueAt(desired, key), rest) };
}
