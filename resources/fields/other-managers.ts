import { elementFinder, merged } from './field-set.ts';
import { isMap, keysOf } from '../json/json.ts';
import { isAppliedBy } from '../owner.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../types.ts';

/** Who else owns fields of an object; fields are named by JSON pointers in the desired one. */
export interface OtherManagers {
  /** Whether we own anything at all. */
  isApplied: boolean;
  /** Whether anybody else owns the field. */
  own(pointer: string): boolean;
  /** Whether somebody owns it who wrote it through a subresource other than `status`, as scalers do. */
  ownBySubresource(pointer: string): boolean;
  /** The names of those who own it. */
  namesFor(pointer: string): string[];
}

/** The managers of `live` apart from what `applier` applied; list items of `desired` may be at other positions in `live`. */
export function otherManagersOf(desired: KubeObject, live: KubeObject, applier: string): OtherManagers {
  const { managedFields = [] } = live.metadata;
  const entries = managedFields.filter((entry) => !isAppliedBy(entry, applier));
  const bySubresource = entries.filter(({ subresource }) => subresource && subresource !== 'status');
  const all = holdingOf(desired, entries);
  const scalers = holdingOf(desired, bySubresource);
  return {
    isApplied: entries.length < managedFields.length,
    own: all,
    ownBySubresource: scalers,
    namesFor: (pointer) => {
      const holding = entries.filter((entry) => holdingOf(desired, [entry])(pointer));
      return [...new Set(holding.map(({ manager = 'somebody' }) => manager))];
    },
  };
}

/** Whether any of the entries lists the field at a pointer; each list is indexed once. */
function holdingOf(desired: KubeObject, entries: readonly ManagedFieldsEntry[]): (pointer: string) => boolean {
  const share = merged(entries.flatMap(({ fieldsV1 }) => fieldsV1 ?? []));
  const finders = new Map<FieldSet, ReturnType<typeof elementFinder>>();
  const childOf = (set: FieldSet, value: unknown, key: string): FieldSet | undefined => {
    if (!Array.isArray(value)) return Object.hasOwn(set, `f:${key}`) ? set[`f:${key}`] : undefined;
    const finder = finders.get(set) ?? elementFinder(Object.keys(set));
    finders.set(set, finder);
    const element = finder(value[Number(key)], Number(key))[0];
    return element === undefined ? undefined : set[element];
  };
  return (pointer) => {
    let set = share;
    let value: unknown = desired;
    for (const key of keysOf(pointer)) {
      if (set === undefined) return false;
      set = childOf(set, value, key);
      // What is owned as a whole is owned with all that is in it.
      if (set !== undefined && Object.keys(set).length === 0) return true;
      value = Array.isArray(value) ? (value as unknown[])[Number(key)] : isMap(value) ? value[key] : undefined;
    }
    return set !== undefined;
  };
}
