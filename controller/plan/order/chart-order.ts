import { keyInRelease, keyOfObject, type KubeObject, type ObjectGroups } from '../../../resources/index.ts';
import type { ChartOrder } from '../../../chart-renderer/index.ts';
import type { VersionRecord } from '../../../records/index.ts';

/** What a version says about the order of its charts. */
export type OrderedRecord = Pick<VersionRecord, 'objects' | 'order'>;

/**
 * The objects of the charts of a version that come before others, and which of these objects come after them; undefined if none do. What
 * comes after several charts names one group of them, so that there are not as many names as objects times charts.
 */
export function groupsFor(
  objects: readonly KubeObject[],
  { objects: recorded, order }: OrderedRecord,
): ObjectGroups | undefined {
  if (!order) return undefined;
  const sources = new Map(recorded.map(({ object, source }) => [keyInRelease(object), source]));
  const placed = objects.map((object) => ({
    key: keyOfObject(object),
    folders: foldersOf(sources.get(keyInRelease(object)) ?? ''),
  }));
  const before = membersOf(new Set(Object.values(order).flat()), placed);
  const members = new Map([...before].map(([folder, keys]) => [titleOf(folder), keys]));
  const after = new Map<string, string>();
  for (const folder of Object.keys(order)) {
    const [first, ...others] = presentBefore(folder, order, before).map(titleOf);
    if (first === undefined) continue;
    const title = others.length > 0 ? `the charts before ${folder}` : first;
    after.set(folder, title);
    if (others.length > 0) members.set(title, [first, ...others]);
  }
  const needs = new Map<string, readonly string[]>();
  for (const { key, folders } of placed) {
    const groups = folders.flatMap((folder) => after.get(folder) ?? []);
    if (groups.length > 0) needs.set(key, groups);
  }
  return needs.size === 0 ? undefined : { members, needs };
}

/** The folders that a file is in, at any depth. */
function foldersOf(source: string): string[] {
  const parts = source.split('/');
  return parts.slice(1).map((_part, at) => `${parts.slice(0, at + 1).join('/')}/`);
}

/** The keys of the objects in some folders; without those that have none. */
function membersOf(
  wanted: ReadonlySet<string>,
  placed: readonly { key: string; folders: readonly string[] }[],
): Map<string, string[]> {
  const pairs = placed.flatMap(({ key, folders }) =>
    folders.filter((folder) => wanted.has(folder)).map((folder) => ({ folder, key })),
  );
  const byFolder = Map.groupBy(pairs, ({ folder }) => folder);
  return new Map([...byFolder].map(([folder, found]) => [folder, found.map(({ key }) => key)]));
}

/** The folders with objects that a folder comes after. One without any still comes between those on both sides of it. */
function presentBefore(folder: string, order: ChartOrder, members: ReadonlyMap<string, unknown>): string[] {
  const found = new Set(order[folder]);
  for (const one of found) if (!members.has(one)) for (const other of order[one] ?? []) found.add(other);
  return [...found].filter((one) => members.has(one));
}

/** `app/charts/web/charts/db/` is the chart web/db. */
function titleOf(folder: string): string {
  return `chart ${folder.split('/charts/').slice(1).join('/').replace(/\/$/, '')}`;
}
