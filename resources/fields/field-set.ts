import { canonicalJson } from '../json/digest.ts';
import { jsonOf, parseJson } from '../json/json-text.ts';
import { isMap } from '../json/json.ts';
import type { FieldSet } from '../types.ts';

/**
 * What any of the sets lists, as one set; undefined where there are no sets. Where one of them owns a node as a whole, so does the
 * result. Time grows with the size of all sets together.
 */
export function merged(sets: readonly FieldSet[]): FieldSet | undefined {
  if (sets.length <= 1) return sets[0];
  const children = new Map<string, FieldSet[]>();
  for (const set of sets) {
    const entries = Object.entries(set);
    if (entries.length === 0) return set;
    for (const [element, child] of entries) {
      const others = children.get(element);
      if (others) others.push(child);
      else children.set(element, [child]);
    }
  }
  return Object.fromEntries([...children].map(([element, below]) => [element, merged(below) ?? {}]));
}

/** An item that leaves out keys is compared with no more elements than this: a port without its protocol fits three. */
const MAX_FITTING = 16;

/**
 * Finds the path elements (`i:`, `v:`, `k:`) of a list that may be those of an item at an index: by position, by value, or by keys, some
 * of which an item may leave to their defaults. Each lookup takes time that does not grow with the list.
 */
export function elementFinder(elements: readonly string[]): (item: unknown, index: number) => readonly string[] {
  const { placed, valued, keyed } = byKind(elements);
  const byPlace = new Set(placed);
  const byValue = new Map(valued.map((element) => [canonicalJson(parseJson(element.slice(2))), element]));
  // Looked-up elements are answered with the very strings that were given: as keys of the set, these are found at once.
  const byText = new Map(keyed.map((element) => [element, element]));
  const elementWithKeys = keysWriter(keyed[0]);
  let findByKeys: ReturnType<typeof keyFinder> | undefined;
  return (item, index) => {
    const place = byPlace.size > 0 && byPlace.has(`i:${index}`) ? [`i:${index}`] : [];
    const value = byValue.size > 0 ? byValue.get(canonicalJson(item)) : undefined;
    const others = value === undefined ? place : [...place, value];
    if (keyed.length === 0 || !isMap(item)) return others;
    // An item that gives every key is nearly always found by its text; an index is made for the others only.
    const written = byText.get(elementWithKeys(item) ?? '');
    if (written !== undefined) return [...others, written];
    findByKeys ??= keyFinder(keyed);
    return [...others, ...findByKeys(item)];
  };
}

function byKind(elements: readonly string[]): Record<'placed' | 'valued' | 'keyed', string[]> {
  const found: Record<'placed' | 'valued' | 'keyed', string[]> = { placed: [], valued: [], keyed: [] };
  const kinds: Readonly<Record<string, string[]>> = { i: found.placed, v: found.valued, k: found.keyed };
  for (const element of elements) if (element[1] === ':') kinds[element.charAt(0)]?.push(element);
  return found;
}

/**
 * Writes the path element of an item, by keys or by value, in the form of an example from its list; undefined where the item lacks a key.
 */
export function elementWriter(example: string): (item: unknown) => string | undefined {
  if (example.startsWith('v:')) return (item) => `v:${jsonOf(item)}`;
  const write = keysWriter(example);
  return (item) => (isMap(item) ? write(item) : undefined);
}

function keysWriter(example = 'k:{}'): (item: Keys) => string | undefined {
  const names = Object.keys(parseJson(example.slice(2)) as Keys);
  const begun = names.map((name) => `${JSON.stringify(name)}:`);
  return (item) => {
    if (!names.every((name) => Object.hasOwn(item, name))) return undefined;
    return `k:{${names.map((name, at) => `${begun[at]}${jsonOf(item[name])}`).join(',')}}`;
  };
}

type Keys = Readonly<Record<string, unknown>>;

function keyFinder(elements: readonly string[]): (item: Keys) => readonly string[] {
  const keyed = elements.map((element) => ({ element, keys: parseJson(element.slice(2)) as Keys }));
  const names = [...new Set(keyed.flatMap(({ keys }) => Object.keys(keys)))];
  /** Elements by the names of the keys that an item gives, then by the values of these. */
  const indexes = new Map<string, Map<string, string[]>>();
  return (item) => {
    const given = names.filter((name) => Object.hasOwn(item, name));
    const kind = given.join();
    let index = indexes.get(kind);
    if (index === undefined) indexes.set(kind, (index = indexBy(given, keyed)));
    return index.get(valuesAt(item, given)) ?? [];
  };
}

function indexBy(names: readonly string[], keyed: readonly { element: string; keys: Keys }[]): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const { element, keys } of keyed) {
    const values = valuesAt(keys, names);
    const fitting = index.get(values);
    if (fitting === undefined) index.set(values, [element]);
    else if (fitting.length < MAX_FITTING) fitting.push(element);
  }
  return index;
}

/** A text that is equal for equal values; keys are texts, numbers or booleans. */
function valuesAt(map: Keys, names: readonly string[]): string {
  return names.map((name) => (typeof map[name] === 'string' ? JSON.stringify(map[name]) : String(map[name]))).join();
}
