import { FIELD_MANAGER } from '../../crds/index.ts';
import { isKubeError, type ApiResource, type KubeClient, type KubeError } from '../../kube/index.ts';
import {
  blockingFields,
  mergePatchFor,
  refusedEntries,
  titleOf,
  withoutRefusedNulls,
  withoutUndeclared,
  type KubeObject,
  type ImmutableChange,
  type PlannedWrite,
  type TakeOver,
} from '../../resources/index.ts';
import { replacementOf } from '../deploy/objects/replace.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import type { Observed } from '../pass/observed.ts';
import { patched } from './merge-patch.ts';

const DRY_RUN = { fieldManager: FIELD_MANAGER, dryRun: true } as const;
const MAX_REMEDIES = 10;

/** The states of an object before and after a write; undefined where it does not exist. */
export interface Outcome {
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  /** What it takes, where the object has to be deleted and created again. */
  replacement?: ImmutableChange;
}

/**
 * What the API server would make of a write, by server-side dry run: its defaults, its admission and its webhooks count, and nothing is
 * stored. Throws KubeError as the write itself would, ReleaseError AlreadyExists.
 */
export async function outcomeOf(observed: Observed, resource: ApiResource, write: PlannedWrite): Promise<Outcome> {
  const { tenant } = observed;
  switch (write.type) {
    case 'create':
      return { before: undefined, after: await created(tenant, resource, write) };
    case 'update':
      return updated(observed, resource, write);
    case 'delete': {
      const { ref, uid } = write;
      const options = { propagation: 'Background', dryRun: true, ...(uid === undefined ? {} : { uid }) } as const;
      await tenant.remove(resource, ref.namespace, ref.name, options);
      return { before: undefined, after: undefined };
    }
  }
}

async function created(
  tenant: KubeClient,
  resource: ApiResource,
  { ref, object }: Extract<PlannedWrite, { type: 'create' }>,
): Promise<KubeObject> {
  try {
    return await applied(tenant, resource, object, undefined);
  } catch (error) {
    if (!isKubeError(error, 'Conflict') || error.conflicts.length === 0) throw error;
    const message = `${titleOf(ref)} exists and differs: delete it, or rename the one in this chart`;
    throw new ReleaseError('AlreadyExists', message, { cause: error });
  }
}

async function updated(
  observed: Observed,
  resource: ApiResource,
  write: Extract<PlannedWrite, { type: 'update' }>,
): Promise<Outcome> {
  const { tenant } = observed;
  const before = await liveState(tenant, resource, write.object);
  try {
    const after = await appliedOver(before, tenant, resource, write);
    if (after.metadata.resourceVersion === before.metadata.resourceVersion) return { before, after };
    // It was changed in between: what others did is no part of the write.
    return { before: await liveState(tenant, resource, write.object), after };
  } catch (refusal) {
    // What is only being taken over stays as it is.
    if (write.adopts) throw refusal;
    const desired = write.whole ?? write.object;
    const replacement = await replacementOf(observed, resource, { desired, live: before }, refusal);
    return { before, after: await createdAnew(tenant, resource, desired, before), replacement };
  }
}

/**
 * An object as it would be created. The API server does not try to create what exists, so it is tried under another name; if that is
 * refused, it is the existing object with the desired fields.
 */
async function createdAnew(
  tenant: KubeClient,
  resource: ApiResource,
  desired: KubeObject,
  before: KubeObject,
): Promise<KubeObject> {
  const { name, ...metadata } = desired.metadata;
  const renamed = { ...desired, metadata: { ...metadata, generateName: 'preview-' } as KubeObject['metadata'] };
  try {
    const { metadata: made, ...rest } = await tenant.create(resource, renamed, DRY_RUN);
    const { generateName: _, ...kept } = made;
    return { ...rest, metadata: { ...kept, name } } as KubeObject;
  } catch (error) {
    if (!isKubeError(error) || error.transient) throw error;
    return patched(before, mergePatchFor(desired, before, FIELD_MANAGER));
  }
}

async function appliedOver(
  before: KubeObject,
  tenant: KubeClient,
  resource: ApiResource,
  { object, adopts }: Extract<PlannedWrite, { type: 'update' }>,
): Promise<KubeObject> {
  if (adopts?.takeOver) return beside(tenant, resource, object, ownedAfter(before, adopts.takeOver));
  return applied(tenant, resource, object, before);
}

/** An object whose fields were taken over, which takes a write of its own: then what is no longer wanted goes. */
function ownedAfter(before: KubeObject, { managedFields }: TakeOver): KubeObject {
  return { ...before, metadata: { ...before.metadata, managedFields } };
}

/** Reads an object; an account that may patch what the chart holds need not have the right to get it. */
async function liveState(tenant: KubeClient, resource: ApiResource, { metadata }: KubeObject): Promise<KubeObject> {
  const { namespace, name } = metadata;
  try {
    return await tenant.get(resource, namespace, name);
  } catch (error) {
    if (!isKubeError(error, 'Forbidden')) throw error;
    return tenant.patchMerge(resource, namespace, name, {}, DRY_RUN);
  }
}

/**
 * The answer to an apply. What the API server would refuse although it accepts it from Helm is remedied as when it is really applied; where
 * that takes several writes, the answer to the one that changes the fields.
 */
async function applied(
  tenant: KubeClient,
  resource: ApiResource,
  object: KubeObject,
  live: KubeObject | undefined,
): Promise<KubeObject> {
  let sent = object;
  let refusal = '';
  for (let remedies = 0; ; remedies += 1) {
    try {
      return await tenant.apply(resource, sent, { ...DRY_RUN, force: live !== undefined });
    } catch (error) {
      // The same refusal again means that the last remedy did not help.
      if (remedies >= MAX_REMEDIES || !isRemediable(error) || error.message === refusal) throw error;
      refusal = error.message;
      const acceptable = withoutUndeclared(sent, refusal) ?? withoutRefusedNulls(sent, refusal);
      if (acceptable) sent = acceptable;
      else if (needsOtherWrite(sent, live, refusal)) return beside(tenant, resource, sent, live);
      else throw error;
    }
  }
}

function isRemediable(error: unknown): error is KubeError {
  return isKubeError(error, 'Invalid') || isKubeError(error, 'BadRequest');
}

function needsOtherWrite(sent: KubeObject, live: KubeObject | undefined, refusal: string): boolean {
  if (refusedEntries(refusal) !== undefined) return true;
  return live !== undefined && blockingFields(sent, live, refusal) !== undefined;
}

async function beside(
  tenant: KubeClient,
  resource: ApiResource,
  object: KubeObject,
  live: KubeObject | undefined,
): Promise<KubeObject> {
  if (live === undefined) return tenant.create(resource, object, DRY_RUN);
  const { namespace, name } = object.metadata;
  return tenant.patchMerge(resource, namespace, name, mergePatchFor(object, live, FIELD_MANAGER), DRY_RUN);
}
