/** The keys of a cycle, the first again at the end: what is left when all that needs nothing that is left is taken away, again and again. */
export function cycleIn(needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const neededBy = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [key, names] of needs) {
    open.set(key, names.filter((name) => needs.has(name)).length);
    for (const name of names) pushTo(neededBy, name, key);
  }
  const free = [...open].filter(([, count]) => count === 0).map(([key]) => key);
  for (const key of free) {
    open.delete(key);
    for (const other of neededBy.get(key) ?? []) {
      const count = (open.get(other) ?? 0) - 1;
      open.set(other, count);
      if (count === 0) free.push(other);
    }
  }
  const [first] = open.keys();
  return first === undefined ? undefined : wayRound(first, needs, open);
}

/** Everything that is left needs something else that is left, so that following these needs comes round. */
function wayRound(
  first: string,
  needs: ReadonlyMap<string, readonly string[]>,
  left: ReadonlyMap<string, number>,
): string[] {
  const way: string[] = [];
  const seen = new Map<string, number>();
  for (let key = first; ;) {
    const begun = seen.get(key);
    if (begun !== undefined) return [...way.slice(begun), key];
    seen.set(key, way.length);
    way.push(key);
    const next = needs.get(key)?.find((name) => left.has(name));
    if (next === undefined) return way;
    key = next;
  }
}

/** Adds an item to the list of a key. */
export function pushTo(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
