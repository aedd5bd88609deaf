import { isMap } from '../json/json.ts';
import { appliedEntry, setOf } from './managed-fields.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../types.ts';

/**
 * The managedFields with which `taker` owns, as if it had applied it, what Helm owns of an object: Helm 3 as whoever updates it, Helm 4 by
 * apply. Undefined where Helm owns nothing. Fields that Helm set in another version of the API than it used last stay as they are.
 * Zeros in maps that are desired empty are nobody's, as they are defaults, and the map would go with the last of them.
 */
export function managedByTaker(live: KubeObject, taker: string, desired: KubeObject): ManagedFieldsEntry[] | undefined {
  const { managedFields = [] } = live.metadata;
  const helms = managedFields.filter(isHelms);
  if (helms.length === 0) return undefined;
  const own = managedFields.filter(({ manager, subresource }) => manager === taker && !subresource);
  const versions = [...helms, ...own].map(({ apiVersion }) => apiVersion);
  const apiVersion = versions.includes(live.apiVersion) ? live.apiVersion : (versions.at(-1) ?? live.apiVersion);
  const taken = [...helms, ...own].filter((entry) => entry.apiVersion === apiVersion);
  const rest = managedFields.filter((entry) => !taken.includes(entry) && !own.includes(entry));
  const fields = withoutZeros(setOf(taken), live, desired);
  return [...rest, { ...appliedEntry(live, taker, fields), apiVersion }];
}

function withoutZeros(set: FieldSet, live: unknown, desired: unknown): FieldSet {
  if (!isMap(live) || !isMap(desired)) return set;
  if (Object.keys(desired).length === 0) return Object.values(live).every(isZero) ? {} : set;
  const kept = Object.entries(set).map(([element, child]): [string, FieldSet] => {
    const key = element.slice('f:'.length);
    return [element, withoutZeros(child, live[key], desired[key])];
  });
  return Object.fromEntries(kept);
}

function isZero(value: unknown): boolean {
  return value === 0 || value === false;
}

/**
 * Helm's field manager is the name of the program: helm, or that of a tool that Helm is built into. Such a tool is known by having marked
 * the object as its release's. People who do so by hand have not set the rest.
 */
function isHelms({ manager = '', subresource, fieldsV1 }: ManagedFieldsEntry): boolean {
  if (subresource || manager.startsWith('kubectl')) return false;
  const marks = fieldsV1?.['f:metadata']?.['f:annotations']?.['f:meta.helm.sh/release-name'];
  return manager === 'helm' || marks !== undefined;
}
