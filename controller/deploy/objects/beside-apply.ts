import { FIELD_MANAGER } from '../../../crds/index.ts';
import type { ApiResource, KubeClient } from '../../../kube/index.ts';
import {
  blockingFields,
  managedAsApplied,
  managedWithClaim,
  mergePatchFor,
  type KubeObject,
  type ManagedFieldsEntry,
  type TakeOver,
} from '../../../resources/index.ts';

/**
 * Creates or updates an object that an apply refuses because items of a list have the same key, or none, so that it counts as applied.
 * Returns the object as it is afterwards. If the last write is never made, the object is out of sync, and the next pass does it again.
 * Throws KubeError, Conflict if the object is changed meanwhile.
 */
export async function writeBesideApply(
  tenant: KubeClient,
  resource: ApiResource,
  type: 'create' | 'update',
  object: KubeObject,
): Promise<KubeObject> {
  const { namespace, name } = object.metadata;
  const options = { fieldManager: FIELD_MANAGER };
  const update = async (): Promise<KubeObject> => {
    const live = await liveObject(tenant, resource, object);
    return tenant.patchMerge(resource, namespace, name, mergePatchFor(object, live, FIELD_MANAGER), options);
  };
  const written = type === 'create' ? await tenant.create(resource, object, options) : await update();
  const managedFields = managedAsApplied(written, object, FIELD_MANAGER);
  return tenant.patchMerge(resource, namespace, written.metadata.name, managedPatch(written, managedFields), options);
}

/**
 * Makes our field manager the only owner of the fields because of which an apply was refused, so that the same apply then removes them;
 * until then their values stay. Returns whether there are such fields. Throws KubeError, Conflict if the object is changed meanwhile.
 */
export async function claimBlockingFields(
  tenant: KubeClient,
  resource: ApiResource,
  object: KubeObject,
  refusal: string,
): Promise<boolean> {
  const { namespace, name } = object.metadata;
  const live = await liveObject(tenant, resource, object);
  const claimed = blockingFields(object, live, refusal);
  if (!claimed) return false;
  const patch = managedPatch(live, managedWithClaim(live, claimed, FIELD_MANAGER));
  await tenant.patchMerge(resource, namespace, name, patch, { fieldManager: FIELD_MANAGER });
  return true;
}

/**
 * Makes our field manager the owner of what Helm owns of an object, before it is applied for the first time. Throws KubeError, Conflict if
 * the object was changed meanwhile.
 */
export async function takeOverFields(
  tenant: KubeClient,
  resource: ApiResource,
  { metadata: { namespace, name } }: KubeObject,
  metadata: TakeOver,
): Promise<void> {
  await tenant.patchMerge(resource, namespace, name, { metadata }, { fieldManager: FIELD_MANAGER });
}

/**
 * Reads an object by an empty patch: an account that may patch what the chart holds need not have the right to get it. Throws KubeError.
 */
export async function liveObject(
  tenant: KubeClient,
  resource: ApiResource,
  { metadata }: { metadata: Pick<KubeObject['metadata'], 'namespace' | 'name'> },
): Promise<KubeObject> {
  return tenant.patchMerge(resource, metadata.namespace, metadata.name, {}, { fieldManager: FIELD_MANAGER });
}

function managedPatch({ metadata: { resourceVersion } }: KubeObject, managedFields: ManagedFieldsEntry[]): object {
  return { metadata: { resourceVersion, managedFields } };
}
