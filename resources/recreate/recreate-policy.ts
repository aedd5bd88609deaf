import { isKept } from '../owner.ts';
import { refOf, titleOf } from '../reference.ts';
import type { ImmutableChange } from './change-class.ts';
import type { KubeObject } from '../types.ts';

/** What a Release allows. */
export interface RecreatePolicy {
  recreate: 'Safe' | 'Never';
  /** Objects that may be deleted and created again, whatever is lost. */
  allowRecreate?: readonly { kind: string; name: string }[] | undefined;
  /** Whether nobody has asked for the change: then what `allowRecreate` allows is not meant. */
  isUnasked?: boolean;
}

const MAX_FIELDS = 10;

/**
 * Why an object is not deleted and created again for a change of its immutable fields, with the fields, the class of the change and what
 * to do; undefined if it may be.
 */
export function recreateRefusal(
  live: KubeObject,
  change: ImmutableChange,
  { recreate, allowRecreate = [], isUnasked = false }: RecreatePolicy,
): string | undefined {
  const { kind, name } = refOf(live);
  const losses = change.losses.join(', and ');
  const fields = change.fields.slice(0, MAX_FIELDS).join(', ');
  const what = `${titleOf({ kind, name })}: ${fields} cannot be changed (field is immutable)`;
  if (change.class === 'Impossible') {
    return `${what}, and it is never deleted to be created again, as that deletes ${losses}: revert the change, or rename it in the chart`;
  }
  if (isKept(live)) {
    return `${what}, and it is not deleted to be created again, as it has helm.sh/resource-policy: keep: revert the change, or delete it yourself`;
  }
  const isAllowed = allowRecreate.some((allowed) => allowed.kind === kind && allowed.name === name);
  if (isAllowed && !isUnasked) return undefined;
  const allow = isUnasked
    ? 'delete it yourself: spec.allowRecreate does not count in a rollback that nobody asked for'
    : `set spec.allowRecreate: [{kind: ${kind}, name: ${name}}]`;
  if (change.class === 'LosesData') {
    return `${what}; deleting it and creating it again may lose data: ${losses}. To have that done all the same, ${allow}`;
  }
  if (recreate !== 'Never') return undefined;
  return `${what}; deleting it and creating it again loses nothing, but spec.recreate is Never: set it to Safe, or ${allow}`;
}
