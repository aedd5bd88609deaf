import { isMap, type JsonMap, type KubeObject } from '../../resources/index.ts';

/** What a JSON merge patch (RFC 7386) makes of an object. */
export function patched(object: KubeObject, patch: JsonMap): KubeObject {
  return merged(object, patch) as unknown as KubeObject;
}

function merged(map: JsonMap, patch: JsonMap): JsonMap {
  const result = { ...map };
  for (const [key, value] of Object.entries(patch)) {
    const there = Object.hasOwn(result, key) ? result[key] : undefined;
    if (value === null) delete result[key];
    else result[key] = isMap(value) ? merged(isMap(there) ? there : {}, value) : value;
  }
  return result;
}
