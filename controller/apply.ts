import { FIELD_MANAGER } from '../crds/index.ts';
import { isKubeError, type ApiResource } from '../kube/index.ts';
import { keyOf, outOfSync, titleOf, type ObjectRef, type Operation } from '../resources/index.ts';
import type { Context, Pass } from './context.ts';
import { ReleaseError } from './errors.ts';
import { MARKS } from './ownership.ts';
import type { Scope } from './scope.ts';

/**
 * Carries out a plan as the tenant, in its order; the only writer of children. Stops at the first failure: what is done is
 * done, and the next plan has the rest. Throws KubeError, ReleaseError AlreadyExists.
 */
export async function applyPlan(context: Context, pass: Pass, scope: Scope, operations: Operation[]): Promise<void> {
  for (const operation of operations) {
    const resource = scope.resources.get(keyOf(operation.ref));
    if (!resource) continue;
    if (operation.type === 'delete') await removeObject(context, pass, resource, operation);
    else await applyObject(context, pass, resource, operation);
  }
}

/** Deletes an object as the tenant, and all that it owns in the background. Throws KubeError. */
export async function removeObject(
  context: Context,
  { tenant, user }: Pass,
  resource: ApiResource,
  { ref, uid }: { ref: ObjectRef; uid?: string },
): Promise<void> {
  const { namespace, name } = ref;
  const options = { propagation: 'Background', ...(uid === undefined ? {} : { uid }) } as const;
  const left = await tenant.remove(resource, namespace, name, options);
  if (left?.metadata.deletionTimestamp) context.children.store(user, resource, namespace, left);
  else context.children.gone(user, resource, namespace, name);
}

type Write = Exclude<Operation, { type: 'delete' }>;

async function applyObject(
  context: Context,
  pass: Pass,
  resource: ApiResource,
  { type, ref, object }: Write,
): Promise<void> {
  try {
    // An object that is not there yet is applied without force: one that somebody else makes meanwhile is not taken over.
    const options = { fieldManager: FIELD_MANAGER, force: type === 'update' };
    const live = await pass.tenant.apply(resource, object, options);
    context.children.store(pass.user, resource, ref.namespace, live);
    context.tolerated.note(live, outOfSync(object, live, MARKS));
  } catch (error) {
    if (type !== 'create' || !isKubeError(error, 'Conflict')) throw error;
    const message = `${titleOf(ref)} exists and differs: delete it, or have its owner hand it over`;
    throw new ReleaseError('AlreadyExists', message, { cause: error });
  }
}
