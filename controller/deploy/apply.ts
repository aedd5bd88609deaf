import { FIELD_MANAGER } from '../../crds/index.ts';
import { isKubeError, type ApiResource } from '../../kube/index.ts';
import {
  clearingPatch,
  keyOf,
  outOfSync,
  titleOf,
  withoutRefusedNulls,
  withoutUndeclared,
  type KubeObject,
  type ObjectRef,
  type Operation,
} from '../../resources/index.ts';
import type { Context, Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';
import { MARKS } from '../pass/ownership.ts';
import { knowingKinds, type Scope } from '../plan/scope.ts';

/**
 * Carries out a plan as the tenant, in its order; the only writer of children. Stops at the first failure: what is done is
 * done, and the next plan has the rest. Tells `applied` of each object that was sent. Throws KubeError, ReleaseError AlreadyExists.
 */
export async function applyPlan(
  context: Context,
  pass: Pass,
  scope: Scope,
  operations: Operation[],
  applied?: (write: Write) => void,
): Promise<void> {
  for (const operation of operations) {
    const resource = scope.resources.get(keyOf(operation.ref));
    if (!resource) continue;
    await knowingKinds(context, [resource], () => carryOut(context, pass, resource, operation));
    if (operation.type !== 'delete') applied?.(operation);
  }
}

async function carryOut(context: Context, pass: Pass, resource: ApiResource, operation: Operation): Promise<void> {
  if (operation.type === 'delete') await removeObject(context, pass, resource, operation);
  else await applyObject(context, pass, resource, operation);
}

/** Deletes an object as the tenant, and all that it owns in the background. Throws KubeError. */
export async function removeObject(
  context: Context,
  { key, tenant, user }: Pass,
  resource: ApiResource,
  { ref, uid }: { ref: ObjectRef; uid?: string },
): Promise<void> {
  const { namespace, name } = ref;
  const options = { propagation: 'Background', ...(uid === undefined ? {} : { uid }) } as const;
  const left = await tenant.remove(resource, namespace, name, options);
  context.writes.note(key, 'delete');
  if (left?.metadata.deletionTimestamp) context.children.store(user, resource, namespace, left);
  else context.children.gone(user, resource, namespace, name);
}

/** A write that makes an object as it is desired. */
export type Write = Exclude<Operation, { type: 'delete' }>;

async function applyObject(context: Context, pass: Pass, resource: ApiResource, write: Write): Promise<void> {
  try {
    const live = await send(pass, resource, write);
    context.writes.note(pass.key, write.type);
    context.children.store(pass.user, resource, write.ref.namespace, live);
    context.tolerated.note(live, outOfSync(write.object, live, MARKS));
  } catch (error) {
    // A quota that was counted up meanwhile is a conflict too, of which no manager is named: another pass is due.
    const isOthers = isKubeError(error, 'Conflict') && error.conflicts.length > 0;
    if (write.type !== 'create' || !isOthers) throw error;
    const message = `${titleOf(write.ref)} exists and differs: delete it, or give the one of this chart another name`;
    throw new ReleaseError('AlreadyExists', message, { cause: error });
  }
}

type Sending = Pick<Write, 'type' | 'object'>;

const MOST_REMEDIES = 10;

/** Applies an object, each time that the API server refuses what Helm would get past it, with the cause removed. */
async function send(pass: Pass, resource: ApiResource, { type, object }: Sending): Promise<KubeObject> {
  // An object that is not there yet is applied without force: one that somebody else makes meanwhile is not taken over.
  const options = { fieldManager: FIELD_MANAGER, force: type === 'update' };
  let sent = object;
  for (let remedies = 0; ; remedies += 1) {
    try {
      return await pass.tenant.apply(resource, sent, options);
    } catch (error) {
      const remedied =
        remedies < MOST_REMEDIES ? await remedy(pass, resource, { type, object: sent }, error) : undefined;
      if (!remedied) throw error;
      sent = remedied;
    }
  }
}

/** What to send instead: undeclared fields and nulls that may not be left out, or the same after a default that is in its way was cleared. */
async function remedy(
  { tenant }: Pass,
  resource: ApiResource,
  { type, object }: Sending,
  error: unknown,
): Promise<KubeObject | undefined> {
  if (!isKubeError(error, 'BadRequest') && !isKubeError(error, 'Invalid')) return undefined;
  const acceptable = withoutUndeclared(object, error.message) ?? withoutRefusedNulls(object, error.message);
  if (acceptable) return acceptable;
  // What is about to be created has no defaults yet; if it does exist after all, it is somebody else's.
  const clearing = type === 'update' ? clearingPatch(object, error.message) : undefined;
  if (!clearing) return undefined;
  const { namespace, name } = object.metadata;
  await tenant.patchMerge(resource, namespace, name, clearing, { fieldManager: FIELD_MANAGER });
  return object;
}
