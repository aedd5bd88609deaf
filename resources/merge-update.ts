import { isMap, type JsonMap } from './json.ts';
import { entriesOf, setOf } from './managed-fields.ts';
import type { FieldSet, KubeObject } from './types.ts';

const DUPLICATES = /: duplicate entries for key \[/;

/** Whether an apply was refused since items of a list have the same key, which a create and a merge patch let pass. */
export function isRefusedForDuplicates(refusal: string): boolean {
  return DUPLICATES.test(refusal);
}

/** Metadata that finalizing controllers and owners share item by item. */
const SHARED_LISTS = new Set(['finalizers', 'ownerReferences']);

/**
 * The merge patch that makes `live` what an apply of `desired` by `manager` would, but that lists are replaced as a whole: it
 * removes what the manager owns alone and does not desire any more. Conflict where `live` has changed since.
 */
export function mergePatchFor(desired: KubeObject, live: KubeObject, manager: string): JsonMap {
  const { ours, others } = entriesOf(live, manager);
  const patch = patchOf(desired, live, { ours: setOf(ours), others: setOf(others) });
  const metadata = isMap(patch['metadata']) ? patch['metadata'] : {};
  const { resourceVersion } = live.metadata;
  const lists = [...SHARED_LISTS].flatMap((name) => {
    const [wanted, there] = [desired.metadata[name], live.metadata[name]];
    return Array.isArray(wanted) && Array.isArray(there) ? [[name, union(there, wanted)]] : [];
  });
  return { ...patch, metadata: { ...metadata, ...Object.fromEntries(lists), resourceVersion } };
}

interface Owners {
  ours: FieldSet | undefined;
  others: FieldSet | undefined;
}

function patchOf(desired: JsonMap, live: JsonMap, owners: Owners): JsonMap {
  const patch: JsonMap = {};
  for (const [key, value] of Object.entries(desired)) {
    const there = live[key];
    patch[key] = isMap(value) && isMap(there) ? patchOf(value, there, below(owners, `f:${key}`)) : value;
  }
  for (const [key, there] of Object.entries(live)) {
    if (Object.hasOwn(desired, key)) continue;
    const { ours, others } = below(owners, `f:${key}`);
    if (ours === undefined) continue;
    if (others === undefined) patch[key] = null;
    else if (isMap(there)) patch[key] = patchOf({}, there, { ours, others });
  }
  return patch;
}

function below({ ours, others }: Owners, element: string): Owners {
  return { ours: childOf(ours, element), others: childOf(others, element) };
}

function childOf(set: FieldSet | undefined, element: string): FieldSet | undefined {
  return set !== undefined && Object.hasOwn(set, element) ? set[element] : undefined;
}

function union(there: readonly unknown[], wanted: readonly unknown[]): unknown[] {
  const identityOf = (item: unknown): unknown => (isMap(item) ? item['uid'] : item);
  return [...new Map([...there, ...wanted].map((item) => [identityOf(item), item])).values()];
}
