import { isDeepStrictEqual } from 'node:util';
import type { ReleaseContent, Renewal } from '../../crds/index.ts';
import { isMap, type ManagedFieldsEntry } from '../../resources/index.ts';

/** An entry of `metadata.managedFields`; `time` is RFC 3339, to the second. */
export interface Edit extends ManagedFieldsEntry {
  time?: string;
}

type Path = readonly string[];

/**
 * Who made the content `after` what it is: the field managers that own what differs from `before`, in the order of their edits. A field
 * that was removed has no owner any more: if nothing else differs, the answer is the one manager that applied something since `since` (RFC
 * 3339), if there is just one.
 */
export function editorsOf(
  before: ReleaseContent | undefined,
  after: ReleaseContent,
  managedFields: readonly Edit[] = [],
  since = '',
): string[] {
  const changed = changedPaths(before ?? {}, after, []);
  const owners = managedFields.filter(({ fieldsV1 }) => changed.some((path) => owns(fieldsV1?.['f:spec'], path)));
  if (owners.length > 0) return namesOf(owners);
  const seconds = since.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
  const appliers = managedFields.filter(({ operation, time = '' }) => operation === 'Apply' && time >= seconds);
  return appliers.length === 1 ? namesOf(appliers) : [];
}

function namesOf(entries: readonly Edit[]): string[] {
  const inOrder = entries.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1));
  return [...new Set(inOrder.flatMap(({ manager }) => manager ?? []))];
}

/** Values are not compared any deeper: whoever set a field at this depth counts as having set all below it. */
const MAX_DEPTH = 32;

/** The fields of `after` that `before` lacks or has with another value. */
function changedPaths(before: unknown, after: unknown, path: Path): Path[] {
  if (isDeepStrictEqual(before, after)) return [];
  const parts = path.length === MAX_DEPTH ? undefined : partsOf(after, path);
  if (!parts || Object.keys(parts).length === 0) return [path];
  const old = partsOf(before, path) ?? {};
  return Object.entries(parts).flatMap(([name, value]) => changedPaths(old[name], value, [...path, name]));
}

/** The parts that have owners of their own, named as in managedFields: those of a map, and of the one list whose items have owners. */
function partsOf(value: unknown, path: Path): Record<string, unknown> | undefined {
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [`f:${name}`, part]));
  if (!Array.isArray(value) || path.join('.') !== 'f:generatedValues.f:renew') return undefined;
  const items = value as readonly Renewal[];
  return Object.fromEntries(items.map((item) => [`k:${JSON.stringify({ path: item.path })}`, item]));
}

/** Whether the owned fields hold the path, or a map or list above it that is owned as a whole. */
function owns(fields: unknown, path: Path): boolean {
  let owned = fields;
  for (const name of path) {
    if (!isMap(owned)) return false;
    if (Object.keys(owned).length === 0) return true;
    owned = own(owned, name);
  }
  return owned !== undefined;
}

function own(map: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
