import { elementFinder, elementWriter } from '../fields/field-set.ts';
import { isMap, type JsonMap } from '../json/json.ts';
import type { FieldSet } from '../types.ts';

/** Who owns a node: what our manager and what all others list there. */
export interface Owners {
  ours: FieldSet | undefined;
  others: FieldSet | undefined;
}

/** Lists in metadata whose items are owned one by one, even where nobody is known to own any; with an example element of each. */
const SHARED_LISTS: ReadonlyMap<string, string> = new Map([
  ['finalizers', 'v:""'],
  ['ownerReferences', 'k:{"uid":""}'],
]);

/**
 * The map that an apply of `desired` would make of `live`, if a list could have the same key twice. What our manager alone owns and no
 * longer desires is gone; other fields and items of `live` stay. Items with the same key become as desired. Time grows with the size of
 * both.
 */
export function mergedApply(desired: JsonMap, live: JsonMap, owners: Owners): JsonMap {
  const kept = Object.entries(live).flatMap(([key, there]): [string, unknown][] => {
    const inside = below(owners, `f:${key}`);
    const value = Object.hasOwn(desired, key)
      ? mergedValue(desired[key], there, inside, key)
      : remainder(there, inside);
    return value === undefined ? [] : [[key, value]];
  });
  return { ...desired, ...Object.fromEntries(kept) };
}

function mergedValue(desired: unknown, there: unknown, owners: Owners, key: string): unknown {
  if (Array.isArray(desired) && Array.isArray(there)) return mergedList(desired, there, owners, SHARED_LISTS.get(key));
  if (!isMap(desired) || !isMap(there)) return desired;
  return isOwnedAsWhole(owners) && Object.keys(desired).length > 0 ? desired : mergedApply(desired, there, owners);
}

/** What is left of a value that is not desired; undefined if nothing is. */
function remainder(there: unknown, owners: Owners): unknown {
  if (owners.ours === undefined) return there;
  if (owners.others === undefined) return undefined;
  return isMap(there) ? mergedApply({}, there, owners) : there;
}

/** Whether a map is owned as a whole, as a selector is. An empty map that only has to exist, such as `strategy: {}`, looks the same. */
function isOwnedAsWhole({ ours, others }: Owners): boolean {
  const owned = [ours, others].filter((set) => set !== undefined);
  return owned.length > 0 && owned.every((set) => Object.keys(set).length === 0);
}

function mergedList(desired: readonly unknown[], live: readonly unknown[], owners: Owners, like?: string): unknown {
  const elementOf = elementReader(owners, like);
  if (elementOf === undefined) return desired;
  const there = placesOf(live, elementOf);
  const wanted = placesOf(desired, elementOf);
  const left = (item: unknown): unknown[] => {
    const element = elementOf(item);
    if (element === undefined) return [item];
    const rest = wanted.has(element) ? undefined : remainder(item, below(owners, element));
    return rest === undefined ? [] : [rest];
  };
  const merged: unknown[] = [];
  let next = 0;
  for (const item of desired) {
    const element = elementOf(item) ?? '';
    const [place, another] = there.get(element) ?? [];
    if (place === undefined || another !== undefined || wanted.get(element)?.length !== 1) {
      merged.push(item);
      continue;
    }
    // Items before it in the live list that stay without being desired go before it.
    for (; next < place; next += 1) merged.push(...left(live[next]));
    next = Math.max(next, place + 1);
    merged.push(mergedValue(item, live[place], below(owners, element), ''));
  }
  return [...merged, ...live.slice(next).flatMap(left)];
}

/** In the API server's own lists, the only key that may be left out is the protocol of a port. */
const KEY_DEFAULTS = { protocol: 'TCP' };

/** Finds the element of an item in a list whose items are owned one by one; undefined for a list that is owned as a whole. */
function elementReader({ ours = {}, others = {} }: Owners, like?: string) {
  const elements = Object.keys({ ...ours, ...others }).filter((element) => /^[kv]:/.test(element));
  const example = elements[0] ?? like;
  if (example === undefined) return undefined;
  const write = elementWriter(example);
  const find = elementFinder(elements);
  return (item: unknown): string | undefined => {
    const whole = isMap(item) ? { ...KEY_DEFAULTS, ...item } : item;
    const written = write(whole);
    return written === undefined ? undefined : (find(whole, 0)[0] ?? written);
  };
}

/** The indexes of the items of each element. */
function placesOf(items: readonly unknown[], elementOf: (item: unknown) => string | undefined) {
  return Map.groupBy(items.keys(), (index) => elementOf(items[index]));
}

function below({ ours, others }: Owners, element: string): Owners {
  return { ours: childOf(ours, element), others: childOf(others, element) };
}

function childOf(set: FieldSet | undefined, element: string): FieldSet | undefined {
  return set !== undefined && Object.hasOwn(set, element) ? set[element] : undefined;
}
