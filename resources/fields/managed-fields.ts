import { elementFinder } from './field-set.ts';
import { isMap } from '../json/json.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../types.ts';

/**
 * The managedFields with which `live` counts as applied by `manager` from `desired`: of all that the manager owns, it keeps what is
 * desired.
 */
export function managedAsApplied(live: KubeObject, desired: KubeObject, manager: string): ManagedFieldsEntry[] {
  const { others, ours } = entriesOf(live, manager);
  return [...others, appliedEntry(live, manager, declared(setOf(ours), desired))];
}

/** The managedFields with which `manager` alone owns what is `claimed`, as if it had applied it. */
export function managedWithClaim(live: KubeObject, claimed: FieldSet, manager: string): ManagedFieldsEntry[] {
  const { others, ours } = entriesOf(live, manager);
  const left = others.map((entry) =>
    entry.fieldsV1 ? { ...entry, fieldsV1: difference(entry.fieldsV1, claimed) } : entry,
  );
  return [...left, appliedEntry(live, manager, union([setOf(ours), claimed]))];
}

/** The managedFields in which what the entry `from` lists of `share` is listed by the entry `to` instead. */
export function managedWithTransfer(
  entries: readonly ManagedFieldsEntry[],
  { from, to, share }: { from: ManagedFieldsEntry; to: ManagedFieldsEntry; share: FieldSet },
): ManagedFieldsEntry[] {
  return entries.flatMap((entry) => {
    const { fieldsV1 = {} } = entry;
    if (entry === to) return [{ ...entry, fieldsV1: union([fieldsV1, share]) }];
    if (entry !== from) return [entry];
    const left = difference(fieldsV1, share);
    return isLeaf(left) ? [] : [{ ...entry, fieldsV1: left }];
  });
}

/** The managedFields of `live` as if `manager` owned nothing that others own too. */
export function managedUnshared(live: KubeObject, manager: string): ManagedFieldsEntry[] {
  const { ours, others } = entriesOf(live, manager);
  const share = setOf(others);
  return [
    ...others,
    ...ours.map((entry) => (entry.fieldsV1 ? { ...entry, fieldsV1: unshared(entry.fieldsV1, share) } : entry)),
  ];
}

/** What `set` lists and `others` does not. A map or a list of which nothing is left is still there. */
function unshared(set: FieldSet, others: FieldSet): FieldSet {
  const left = Object.entries(set).flatMap(([element, child]): [string, FieldSet][] => {
    const theirs = Object.hasOwn(others, element) ? others[element] : undefined;
    if (theirs === undefined || element === '.') return [[element, child]];
    if (isLeaf(theirs)) return [];
    return isLeaf(child) ? [[element, child]] : [[element, { '.': {}, ...unshared(child, theirs) }]];
  });
  return Object.fromEntries(left);
}

/** What a manager owns of the object itself, and what all others own; the status has managers of its own. */
export function entriesOf(
  live: KubeObject,
  manager: string,
): { ours: ManagedFieldsEntry[]; others: ManagedFieldsEntry[] } {
  const entries = live.metadata.managedFields ?? [];
  const isOurs = (entry: ManagedFieldsEntry): boolean => entry.manager === manager && !entry.subresource;
  return { ours: entries.filter(isOurs), others: entries.filter((entry) => !isOurs(entry)) };
}

/** All that the entries list. Time grows with their size. */
export function setOf(entries: readonly ManagedFieldsEntry[]): FieldSet {
  return union(entries.flatMap(({ fieldsV1 }) => fieldsV1 ?? []));
}

/** One entry of an apply, in place of all entries that the manager has. */
export function appliedEntry({ apiVersion }: KubeObject, manager: string, fieldsV1: FieldSet): ManagedFieldsEntry {
  return { manager, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 };
}

/** What any of the sets lists. A node that is a leaf in one set and has nodes below it in another is listed with these, and as `.`. */
function union(sets: readonly FieldSet[]): FieldSet {
  if (sets.length <= 1) return sets[0] ?? {};
  const nodes = Map.groupBy(sets.flatMap(Object.entries<FieldSet>), ([element]) => element);
  return Object.fromEntries(
    [...nodes].map(([element, same]) => [element, unionOfNodes(same.map(([, child]) => child))]),
  );
}

function unionOfNodes(children: readonly FieldSet[]): FieldSet {
  const all = union(children);
  return children.some(isLeaf) && !isLeaf(all) ? { '.': {}, ...all } : all;
}

/** What `set` lists, without the leaves of `taken` and everything below them. */
function difference(set: FieldSet, taken: FieldSet): FieldSet {
  const left = Object.entries(set).flatMap(([element, child]): [string, FieldSet][] => {
    if (!Object.hasOwn(taken, element)) return [[element, child]];
    const below = taken[element] ?? {};
    const kept = isLeaf(below) ? {} : difference(child, below);
    return isLeaf(kept) ? [] : [[element, kept]];
  });
  return Object.fromEntries(left);
}

/** The part of `set` that lists what `value` has. */
function declared(set: FieldSet, value: unknown): FieldSet {
  const elements = Object.entries(set);
  if (isMap(value)) {
    const kept = elements.flatMap(([element, child]): [string, FieldSet][] => {
      const key = element.slice('f:'.length);
      if (element === '.') return [[element, child]];
      return Object.hasOwn(value, key) ? [[element, declared(child, value[key])]] : [];
    });
    return Object.fromEntries(kept);
  }
  if (!Array.isArray(value)) return set;
  const find = elementFinder(Object.keys(set).filter((element) => element !== '.'));
  const kept = value.flatMap((item, index) =>
    find(item, index).map((element): [string, FieldSet] => [element, declared(set[element] ?? {}, item)]),
  );
  return Object.fromEntries(kept);
}

function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}
