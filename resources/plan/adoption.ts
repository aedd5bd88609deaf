import { managedByTaker } from '../fields/taken-fields.ts';
import { textAt } from '../json/json.ts';
import { isNamedBy, objectOwnerOf, type Owner } from '../owner.ts';
import type { KubeObject, ManagedFieldsEntry } from '../types.ts';

/** Which objects that exist already an owner may take over. */
export type Adoption = 'Never' | 'HelmRelease' | 'Labelled' | 'Any';

/** What has to be written before an object is applied for the first time: who owns its fields from then on. */
export interface TakeOver {
  resourceVersion: string | undefined;
  managedFields: ManagedFieldsEntry[];
}

/**
 * Whether an owner may take over an object that is not its own. What another Release owns is never taken. `HelmRelease`: what the Helm
 * release of the owner's name and namespace installed. `Labelled`: what somebody has given the owner's labels. `Any`: everything else too.
 */
export function isAdoptable(live: KubeObject, owner: Owner, adoption: Adoption = 'Never'): boolean {
  const found = objectOwnerOf(live, owner);
  if (found.type === 'release') return false;
  switch (adoption) {
    case 'Never':
      return false;
    case 'HelmRelease':
      return found.type === 'helm' && found.name === `${owner.namespace}/${owner.name}` && isManagedByHelm(live);
    case 'Labelled':
      return isNamedBy(live, owner);
    case 'Any':
      return true;
  }
}

/** Without this label, Helm does not consider an object its own either. */
function isManagedByHelm(live: KubeObject): boolean {
  return textAt(live, 'metadata', 'labels', 'app.kubernetes.io/managed-by') === 'Helm';
}

/**
 * Whether an object in the way of a hook may be deleted as one of its earlier runs: Helm gives those no annotation of its release.
 */
export function isAdoptableHook(live: KubeObject, owner: Owner, adoption: Adoption = 'Never'): boolean {
  if (adoption === 'HelmRelease') {
    const isHook = textAt(live, 'metadata', 'annotations', 'helm.sh/hook') !== undefined;
    return isHook && objectOwnerOf(live, owner).type === 'nobody';
  }
  return isAdoptable(live, owner, adoption);
}

/**
 * The object as it is once the owner has what Helm owns of it, and the write that makes it so; no write where Helm owns nothing. What
 * others set stays theirs.
 */
export function takenOver(
  live: KubeObject,
  desired: KubeObject,
  { ownership }: Owner,
): { object: KubeObject; takeOver?: TakeOver } {
  const managedFields = managedByTaker(live, ownership.fieldManager, desired);
  if (managedFields === undefined) return { object: live };
  const { resourceVersion } = live.metadata;
  const object = { ...live, metadata: { ...live.metadata, managedFields } };
  return { object, takeOver: { resourceVersion, managedFields } };
}
