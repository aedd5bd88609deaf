import { keyOf, refOf, type KubeObject, type ObjectGroups } from '../../../resources/index.ts';
import type { VersionRecord } from '../../../records/index.ts';

/** What of a version tells in which order its charts come. */
export type OrderedRecord = Pick<VersionRecord, 'objects' | 'order'>;

/** The objects of the charts of a version that come before others, and which of these objects come after them; undefined if none do. */
export function groupsFor(
  objects: readonly KubeObject[],
  { objects: recorded, order }: OrderedRecord,
): ObjectGroups | undefined {
  if (!order) return undefined;
  const sources = new Map(recorded.map(({ object, source }) => [identityOf(object), source]));
  const placed = objects.map((object) => ({
    key: keyOf(refOf(object)),
    source: sources.get(identityOf(object)) ?? '',
  }));
  const folders = new Set(Object.values(order).flat());
  const members = new Map<string, string[]>();
  for (const folder of folders) {
    const keys = placed.filter(({ source }) => source.startsWith(folder)).map(({ key }) => key);
    if (keys.length > 0) members.set(titleOf(folder), keys);
  }
  const needs = new Map<string, string[]>();
  for (const { key, source } of placed) {
    const after = Object.keys(order).filter((folder) => source.startsWith(folder));
    const names = after.flatMap((folder) => order[folder] ?? []).map(titleOf);
    const present = names.filter((name) => members.has(name));
    if (present.length > 0) needs.set(key, present);
  }
  return needs.size === 0 ? undefined : { members, needs };
}

/** No two objects of a version have the same, since none is in another namespace. */
function identityOf(object: KubeObject): string {
  const { group, kind, name } = refOf(object);
  return JSON.stringify([group, kind, name]);
}

/** `app/charts/web/charts/db/` is the chart web/db. */
function titleOf(folder: string): string {
  return `chart ${folder.split('/charts/').slice(1).join('/').replace(/\/$/, '')}`;
}
