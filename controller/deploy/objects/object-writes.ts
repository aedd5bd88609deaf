import { FIELD_MANAGER } from '../../../crds/index.ts';
import { isKubeError, type ApiResource, type RemoveOptions } from '../../../kube/index.ts';
import {
  refusedEntries,
  withoutRefusedNulls,
  withoutUndeclared,
  type KubeObject,
  type ObjectRef,
  type PlannedWrite,
} from '../../../resources/index.ts';
import type { Observed } from '../../pass/observed.ts';
import { claimBlockingFields, writeBesideApply } from './beside-apply.ts';
import type { DeployServices } from '../services.ts';

/**
 * Deletes an object as the tenant, and all that it owns, in the background if nothing else is said. Returns whether it is gone already.
 * Throws KubeError.
 */
export async function removeObject(
  services: Pick<DeployServices, 'children' | 'writes'>,
  { key, tenant, user }: Observed,
  resource: ApiResource,
  { ref, uid, propagation = 'Background' }: { ref: ObjectRef; uid?: string } & Pick<RemoveOptions, 'propagation'>,
): Promise<boolean> {
  const { namespace, name } = ref;
  const options = { propagation, ...(uid === undefined ? {} : { uid }) };
  const left = await tenant.remove(resource, namespace, name, options);
  services.writes.count(key, 'delete');
  const isGone = !left?.metadata.deletionTimestamp;
  if (isGone) services.children.forgetObject(user, resource, namespace, name);
  else services.children.store(user, resource, namespace, left);
  return isGone;
}

/** Creates an object of a hook, which is not a child. Throws KubeError. */
export async function makeObject(
  services: Pick<DeployServices, 'children' | 'events'>,
  observed: Observed,
  resource: ApiResource,
  object: KubeObject,
): Promise<void> {
  const made = await sendApply(services, observed, resource, { type: 'create', object });
  services.children.store(observed.user, resource, object.metadata.namespace, made);
}

/** Sets the time to live of a Job that has ended; does nothing if the Job is gone. Throws KubeError. */
export async function expireJob(
  services: Pick<DeployServices, 'children'>,
  { tenant, user }: Observed,
  resource: ApiResource,
  job: { ref: ObjectRef; uid: string | undefined; ttlSecondsAfterFinished: number },
): Promise<void> {
  const { namespace, name } = job.ref;
  const { uid, ttlSecondsAfterFinished } = job;
  const patch = { metadata: { uid }, spec: { ttlSecondsAfterFinished } };
  try {
    const left = await tenant.patchMerge(resource, namespace, name, patch, { fieldManager: FIELD_MANAGER });
    services.children.store(user, resource, namespace, left);
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
    services.children.forgetObject(user, resource, namespace, name);
  }
}

/** An object to create or to update. */
type Sending = Pick<Exclude<PlannedWrite, { type: 'delete' }>, 'type' | 'object'>;

const MAX_REMEDIES = 10;

/**
 * Applies an object. Whenever the API server refuses what it would accept from Helm, removes the cause and tries again. An object whose
 * lists have entries with the same key, or with none, is created or patched instead.
 */
export async function sendApply(
  { events }: Pick<DeployServices, 'events'>,
  observed: Observed,
  resource: ApiResource,
  { type, object }: Sending,
): Promise<KubeObject> {
  // An object that does not exist yet is applied without force: one that somebody else creates meanwhile is not taken over.
  const options = { fieldManager: FIELD_MANAGER, force: type === 'update' };
  let sent = object;
  let write = async (): Promise<KubeObject> => observed.tenant.apply(resource, sent, options);
  let refusal = '';
  for (let remedies = 0; ; remedies += 1) {
    try {
      return await write();
    } catch (error) {
      // The same refusal again means that the last remedy did not help.
      if (remedies >= MAX_REMEDIES || !isKubeError(error) || error.message === refusal) throw error;
      refusal = error.message;
      const reason = isKubeError(error, 'Invalid') ? refusedEntries(refusal) : undefined;
      if (reason) {
        const message = `${refusal}: created or patched instead`;
        events.record({ object: observed.release, type: 'Warning', reason, message });
        write = async () => writeBesideApply(observed.tenant, resource, type, sent);
      } else sent = await remedied(observed, resource, { type, object: sent }, error);
    }
  }
}

/**
 * What to send instead: the object without undeclared fields, or without nulls that are refused, or the same object after the fields in its
 * way were claimed. Throws the error if nothing helps.
 */
async function remedied(
  { tenant }: Observed,
  resource: ApiResource,
  { type, object }: Sending,
  error: unknown,
): Promise<KubeObject> {
  if (!isKubeError(error, 'BadRequest') && !isKubeError(error, 'Invalid')) throw error;
  const acceptable = withoutUndeclared(object, error.message) ?? withoutRefusedNulls(object, error.message);
  if (acceptable) return acceptable;
  // An object that is yet to be created has no defaults in the way; if it exists after all, it is somebody else's.
  const isCleared = type === 'update' && (await claimBlockingFields(tenant, resource, object, error.message));
  if (!isCleared) throw error;
  return object;
}
