import { textAt } from './json/json.ts';
import type { KubeObject, ManagedFieldsEntry } from './types.ts';

/** The names of the labels, annotations and field manager by which a Release is known as the owner of an object. */
export interface Ownership {
  /** Label with the Release's name. */
  releaseLabel: string;
  /** Label with the Release's namespace. */
  namespaceLabel: string;
  /** Annotation with the digest of the state applied last. */
  appliedAnnotation: string;
  /** Annotation with the run that created a hook. */
  hookRunAnnotation: string;
  /** Field manager of every apply. */
  fieldManager: string;
}

/** A Release as the owner of objects. */
export interface Owner {
  name: string;
  namespace: string;
  ownership: Ownership;
}

/** Who owns an object that exists: the owner itself, another Release, a Helm release, or nobody who says so. */
export type ObjectOwner = { type: 'self' } | { type: 'nobody' } | { type: 'release' | 'helm'; name: string };

/** The labels that every object of `owner` carries. */
export function ownerLabels({ name, namespace, ownership }: Owner): Record<string, string> {
  return { [ownership.releaseLabel]: name, [ownership.namespaceLabel]: namespace };
}

/** Who owns `live`, going by its labels, by whether the owner ever applied it, and by Helm's annotations. */
export function objectOwnerOf(live: KubeObject, owner: Owner): ObjectOwner {
  const labels = live.metadata.labels ?? {};
  const release = labels[owner.ownership.releaseLabel];
  const namespace = labels[owner.ownership.namespaceLabel] ?? '';
  const isNamed = isNamedBy(live, owner);
  if (isNamed && wasApplied(live, owner)) return { type: 'self' };
  if (release !== undefined && !isNamed) return { type: 'release', name: `${namespace}/${release}` };
  const helm = textAt(live, 'metadata', 'annotations', 'meta.helm.sh/release-name');
  if (helm === undefined) return { type: 'nobody' };
  const where = textAt(live, 'metadata', 'annotations', 'meta.helm.sh/release-namespace') ?? '';
  return { type: 'helm', name: `${where}/${helm}` };
}

/** Whether the labels of `live` name the owner; anybody can write them. */
export function isNamedBy({ metadata: { labels = {} } }: KubeObject, owner: Owner): boolean {
  const { releaseLabel, namespaceLabel } = owner.ownership;
  return labels[releaseLabel] === owner.name && labels[namespaceLabel] === owner.namespace;
}

/** Labels alone make nobody an owner: anybody can write them on what a Release did not make. */
function wasApplied({ metadata }: KubeObject, { ownership }: Owner): boolean {
  if (metadata.annotations?.[ownership.appliedAnnotation] !== undefined) return true;
  // Read last: there may be many of them, and they may be packed.
  return (metadata.managedFields ?? []).some((entry) => isAppliedBy(entry, ownership.fieldManager));
}

/**
 * Whether `live` was applied under the owner's field manager and its labels have been edited away since by another one: what they say now
 * is then part of the drift, not a claim.
 */
export function wereLabelsRemoved(live: KubeObject, { ownership }: Owner): boolean {
  const ours = (live.metadata.managedFields ?? []).filter((entry) => isAppliedBy(entry, ownership.fieldManager));
  const label = `f:${ownership.releaseLabel}`;
  return ours.length > 0 && !ours.some(({ fieldsV1 }) => fieldsV1?.['f:metadata']?.['f:labels']?.[label]);
}

/** Whether an object outlives its Release, by Helm's resource policy: only a person deletes it. */
export function isKept({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}

/** Whether `entry` lists the fields of the object itself (not of a subresource) that `manager` applied. */
export function isAppliedBy(entry: ManagedFieldsEntry, manager: string): boolean {
  return entry.manager === manager && entry.operation === 'Apply' && !entry.subresource;
}
