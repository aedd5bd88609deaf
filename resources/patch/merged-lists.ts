/** What the items of a list are merged by, and how; `add` makes an item of one that only the patch has. */
export interface Keyed {
  readonly keyOf: (item: unknown) => unknown;
  readonly merge: (before: unknown, after: unknown) => unknown;
  readonly add: (item: unknown) => unknown;
}

/**
 * A list with those of a patch merged into it, in the order that kubectl and the API server give it: items of the patch in its order, all
 * others in theirs; new items come as early as they can. Time grows with the size of both lists.
 */
export function mergedLists(original: readonly unknown[], patch: readonly unknown[], keyed: Keyed): unknown[] {
  const { keyOf, merge, add } = keyed;
  const merged = new Map<unknown, unknown>();
  const places = new Map<unknown, number>();
  for (const [index, item] of original.entries()) {
    const key = keyOf(item);
    if (key === undefined || places.has(key)) continue;
    places.set(key, index);
    merged.set(key, item);
  }
  for (const item of patch) {
    const key = keyOf(item);
    merged.set(key, merged.has(key) ? merge(merged.get(key), item) : add(item));
  }
  const named = [...new Set(patch.map(keyOf))];
  const isNamed = new Set(named);
  const others = original.map((item, index) => ({ item, index })).filter(({ item }) => !isNamed.has(keyOf(item)));
  const ordered: unknown[] = [];
  let next = 0;
  for (const key of named) {
    const place = places.get(key);
    for (let other = others[next]; place !== undefined && other && other.index < place; other = others[next]) {
      ordered.push(other.item);
      next += 1;
    }
    ordered.push(merged.get(key));
  }
  return [...ordered, ...others.slice(next).map(({ item }) => item)];
}
