import { canonicalJson } from './digest.ts';
import { parseJson } from './json-text.ts';
import { isMap, pointerTo, valueAt } from './json.ts';
import type { Marks } from './owner.ts';
import { isAppliedBy } from './owner.ts';
import type { FieldSet, KubeObject } from './types.ts';

type Path = readonly (string | number)[];

/** A node of the fields that some manager owns; `{}` is a leaf, or a map or list that is owned as a whole. */
interface Holding {
  set: FieldSet;
  ours: boolean;
}

/** What every object has and managedFields never list. */
const NEVER_LISTED = new Set(['apiVersion', 'kind', 'metadata/name', 'metadata/namespace']);

/**
 * The JSON pointers of the fields of `desired` that the cluster does not hold on our behalf; empty means that an apply would change
 * nothing. A field is held while our field manager owns it: whoever sets it to another value, or removes it, takes the ownership
 * away. The annotation with the digest tells whether `desired` is what was applied last. Paths in `tolerated` are left out.
 */
export function outOfSync(
  desired: KubeObject,
  live: KubeObject,
  marks: Pick<Marks, 'appliedAnnotation' | 'fieldManager'>,
  tolerated: readonly string[] = [],
): string[] {
  const digest = ['metadata', 'annotations', marks.appliedAnnotation];
  const stale = valueAt(live, ...digest) === valueAt(desired, ...digest) ? [] : [pointerTo(digest)];
  const lost = lostFields(desired, holdingsOf(live, marks.fieldManager), []);
  return [...new Set([...stale, ...lost])].filter((path) => !tolerated.includes(path));
}

function holdingsOf(live: KubeObject, manager: string): Holding[] {
  return (live.metadata.managedFields ?? []).flatMap((entry) =>
    entry.fieldsV1 ? [{ set: entry.fieldsV1, ours: isAppliedBy(entry, manager) }] : [],
  );
}

function lost(value: unknown, holdings: readonly Holding[], path: Path): string[] {
  if (asksForNothing(value)) return [];
  // An empty map has to be there (`emptyDir: {}`), but whoever fills it in may own it.
  const isHeld = isEmpty(value) ? holdings.length > 0 : holdings.some(({ ours }) => ours);
  if (!isHeld) return [pointerTo(path)];
  if (isEmpty(value) || holdings.some(({ set, ours }) => ours && isEmpty(set))) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => lostItem(item, index, holdings, [...path, index]));
  }
  return isMap(value) ? lostFields(value, holdings, path) : [];
}

/** Nobody comes to own the place of a list without items, if its items are owned one by one. */
function asksForNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function lostFields(map: Record<string, unknown>, holdings: readonly Holding[], path: Path): string[] {
  return Object.entries(map)
    .filter(([key]) => !NEVER_LISTED.has([...path, key].join('/')))
    .flatMap(([key, value]) => lost(value, below(holdings, `f:${key}`), [...path, key]));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function below(holdings: readonly Holding[], element: string): Holding[] {
  return holdings.flatMap(({ set, ours }) => {
    const child = Object.hasOwn(set, element) ? set[element] : undefined;
    return child === undefined ? [] : [{ set: child, ours }];
  });
}

/** An item that leaves a key to its default may fit several elements; the one that holds most of it is meant. */
function lostItem(item: unknown, index: number, holdings: readonly Holding[], path: Path): string[] {
  const elements = new Set(holdings.flatMap(({ set }) => Object.keys(set)));
  const found = [...elements]
    .filter((element) => isElementOf(element, item, index))
    .map((element) => lost(item, below(holdings, element), path));
  return found.toSorted((a, b) => a.length - b.length)[0] ?? [pointerTo(path)];
}

function isElementOf(element: string, item: unknown, index: number): boolean {
  const rest = element.slice(2);
  if (element.startsWith('i:')) return rest === String(index);
  if (element.startsWith('v:')) return canonicalJson(parseJson(rest)) === canonicalJson(item);
  if (!element.startsWith('k:') || !isMap(item)) return false;
  const keys = parseJson(rest) as Record<string, unknown>;
  return Object.entries(keys).every(([key, value]) => !Object.hasOwn(item, key) || item[key] === value);
}
