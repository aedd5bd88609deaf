import { FIELD_MANAGER } from '../../../crds/index.ts';
import { isKubeError, KubeError, type ApiResource } from '../../../kube/index.ts';
import {
  immutableChangeOf,
  objectOwnerOf,
  recreateRefusal,
  refOf,
  titleOfObject,
  type ImmutableChange,
  type KubeObject,
} from '../../../resources/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { Observed } from '../../pass/observed.ts';
import { appliedDigestOf, ownerOf } from '../../pass/ownership.ts';
import { isUnaskedRollback } from '../../status/failed-version.ts';
import { liveObject } from './beside-apply.ts';
import { growClaims } from './grow-claims.ts';
import { removeObject } from './object-writes.ts';
import type { ApplyServices } from '../services.ts';

/**
 * Deletes an object whose update was refused for immutable fields, if the Release allows it, so that it can be created as desired. Returns
 * whether it is gone already; else the deletion brings the Release back. Whatever happens after that, the object is in the inventory and
 * does not exist, so that a pass creates it. Deletes only what is this Release's own, and in another state than the desired one: a state
 * that was applied before is never created twice. Throws `refusal` if it is about something else, KubeError, ReleaseError if the object
 * stays as it is.
 */
export async function removeToReplace(
  services: ApplyServices,
  observed: Observed,
  resource: ApiResource,
  desired: KubeObject,
  refusal: unknown,
): Promise<boolean> {
  if (immutableFieldsIn(refusal).length === 0) throw refusal;
  const live = await liveObject(observed.tenant, resource, desired);
  const { namespace, deletionTimestamp, uid } = live.metadata;
  if (deletionTimestamp) {
    services.children.store(observed.user, resource, namespace, live);
    return false;
  }
  const change = await replacementOf(observed, resource, { desired, live }, refusal);
  await growClaims(observed, live, change.growth);
  announce(services, observed, desired, change);
  return removeObject(services, observed, resource, {
    ref: { ...refOf(desired), ...(namespace === undefined ? {} : { namespace }) },
    ...(uid === undefined ? {} : { uid }),
    propagation: change.propagation,
  });
}

/**
 * What it takes to delete an object whose update was refused for immutable fields and to create it as desired; writes nothing. Throws
 * `refusal` if it is about something else, KubeError, ReleaseError if the Release does not allow it or the object could not be created.
 */
export async function replacementOf(
  observed: Observed,
  resource: ApiResource,
  { desired, live }: { desired: KubeObject; live: KubeObject },
  refusal: unknown,
): Promise<ImmutableChange> {
  const fields = immutableFieldsIn(refusal);
  if (fields.length === 0) throw refusal;
  const { uid } = live.metadata;
  const isOwn = objectOwnerOf(live, ownerOf(observed.release)).type === 'self';
  if (!isOwn || uid === undefined || appliedDigestOf(live) === appliedDigestOf(desired)) throw refusal;
  const change = immutableChangeOf({ desired, live, fields, account: accountOf(observed), manager: FIELD_MANAGER });
  const { recreate, allowRecreate } = observed.release.spec;
  const isUnasked = isUnaskedRollback(observed.release);
  const why = recreateRefusal(live, change, { recreate, allowRecreate, isUnasked });
  if (why !== undefined) throw new ReleaseError('ApplyFailed', why, { cause: refusal });
  await checkCreation(observed, resource, desired);
  return change;
}

/** The fields that a refusal calls immutable; none if it has other reasons too, which a new object would not remove. */
function immutableFieldsIn(refusal: unknown): string[] {
  if (!isKubeError(refusal, 'Invalid')) return [];
  const { refusedFields } = refusal;
  return refusedFields.every(({ isImmutable }) => isImmutable) ? refusedFields.map(({ field }) => field) : [];
}

function accountOf({ release: { metadata, spec } }: Observed): { namespace: string; name: string } {
  return { namespace: metadata.namespace, name: spec.serviceAccountName };
}

/**
 * Finds out by a trial whether the API server would create an object that exists. Throws ReleaseError if a webhook, a policy or a missing
 * right prevents it: deleting the object would then be a loss. KubeError.
 */
async function checkCreation({ tenant }: Observed, resource: ApiResource, desired: KubeObject): Promise<void> {
  try {
    await tenant.create(resource, desired, { fieldManager: FIELD_MANAGER, dryRun: true });
  } catch (error) {
    if (isKubeError(error, 'AlreadyExists') || (error instanceof KubeError && isOfPresence(error))) return;
    if (!(error instanceof KubeError) || error.transient || error.code === 'Forbidden') throw error;
    const message = `${titleOfObject(desired)} is not deleted, as it could not be created again: ${error.message}`;
    throw new ReleaseError('ApplyFailed', message, { cause: error });
  }
}

/** Whether creation is refused because the object is there: what it takes of a quota or a range is free once it is deleted. */
function isOfPresence({ message }: KubeError): boolean {
  return /exceeded quota|provided (?:port|IP) is already allocated/.test(message);
}

function announce(
  { events }: Pick<ApplyServices, 'events'>,
  { release }: Observed,
  desired: KubeObject,
  { fields, propagation }: ImmutableChange,
): void {
  const kept = propagation === 'Orphan' ? '; its pods and claims stay' : '';
  const message = `${titleOfObject(desired)}: deleted, to be created again, as ${fields.join(', ')} cannot be changed${kept}`;
  events.record({ object: release, type: 'Normal', reason: 'Recreated', message });
}
