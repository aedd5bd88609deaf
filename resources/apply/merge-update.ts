import { isDeepStrictEqual } from 'node:util';
import { isMap, type JsonMap } from '../json/json.ts';
import { entriesOf, setOf } from '../fields/managed-fields.ts';
import { mergedApply } from './merged-apply.ts';
import { namedSecrets } from './refused-items.ts';
import type { KubeObject } from '../types.ts';

const REFUSALS = [
  [/: duplicate entries for key \[/, 'DuplicateEntries'],
  [/: element \d+: associative list with keys has an element that omits /, 'KeylessEntries'],
] as const;

/**
 * Why an apply was refused where a create or a merge patch would pass: items of a list have the same key or lack it, if only in the live
 * object. Undefined for other refusals.
 */
export function refusedEntries(refusal: string): (typeof REFUSALS)[number][1] | undefined {
  return REFUSALS.find(([pattern]) => pattern.test(refusal))?.[1];
}

/**
 * The merge patch that makes `live` what an apply of `desired` by `manager` would make it, if a list could have the same key twice. It
 * removes what the manager alone owns and no longer desires. It also removes secrets without a name, because the API server knows no
 * owners in an object that has these. A list that changes is sent as a whole, with the items of others. Conflict where `live` has changed
 * since.
 */
export function mergePatchFor(desired: KubeObject, live: KubeObject, manager: string): JsonMap {
  const { ours, others } = entriesOf(live, manager);
  const secrets = namedSecrets(live);
  const there = secrets ? { ...live, secrets } : live;
  const merged = mergedApply(desired, there, { ours: setOf(ours), others: setOf(others) });
  const { metadata, ...patch } = patchBetween(live, merged);
  return { ...patch, metadata: { ...(isMap(metadata) && metadata), resourceVersion: live.metadata.resourceVersion } };
}

/** The merge patch that turns one map into another. */
function patchBetween(before: JsonMap, after: JsonMap): JsonMap {
  const patch: JsonMap = {};
  for (const [key, value] of Object.entries(after)) {
    const there = before[key];
    if (isMap(value) && isMap(there)) {
      const below = patchBetween(there, value);
      if (Object.keys(below).length > 0) patch[key] = below;
    } else if (!isDeepStrictEqual(there, value)) patch[key] = value;
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null;
  return patch;
}
