import { APPLIED_ANNOTATION, FIELD_MANAGER } from '../../crds/index.ts';
import { isKubeError, type ApiResource } from '../../kube/index.ts';
import {
  digestOfJson,
  keyOf,
  outOfSync,
  refusedEntries,
  titleOf,
  withoutRefusedNulls,
  withoutUndeclared,
  type KubeObject,
  type ObjectRef,
  type PlannedWrite,
  type Plan,
  type Refusal,
} from '../../resources/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { ApplyServices, DeployServices } from './services.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { failureOf, isStaleRead, type Failure } from '../pass/failures/failures.ts';
import { OWNERSHIP } from '../pass/ownership.ts';
import { trying } from '../pass/failures/trying.ts';
import { inTurn, inTurns } from '../pass/turns.ts';
import { withServedKinds, type Scope } from '../plan/scope.ts';
import { claimInTheWay, writeBesideApply } from './beside-apply.ts';

/** So many refusals end a plan: what is refused for all alike, by a quota say, must not be tried for thousands. */
const MAX_REFUSALS = 50;
const MAX_NAMED = 10;
const MAX_CAUSE = { beginning: 250, end: 150 };

/**
 * Carries out a plan as the tenant, in its order; the only writer of children. Goes on behind an object that the API server refuses,
 * or that is another's, but deletes nothing then: what the refused one was to replace may still be needed. Stops at a failure that may
 * pass by itself: what is done is done, and the next plan has the rest. Tells `applied` of each object that was sent. Throws KubeError,
 * ReleaseError with all refused objects.
 */
export async function applyPlan(
  services: ApplyServices & Pick<DeployServices, 'discovery'>,
  observed: Observed,
  scope: Scope,
  { writes, refusals }: Pick<Plan, 'writes' | 'refusals'>,
  applied?: (write: ApplyWrite) => void,
): Promise<void> {
  const run = async (write: PlannedWrite): Promise<void> => {
    const resource = scope.resources.get(keyOf(write.ref));
    if (!resource) return;
    await withServedKinds(services, [resource], () => execute(services, observed, resource, write));
    if (write.type !== 'delete') applied?.(write);
  };
  const deletes = writes.filter(({ type }) => type === 'delete');
  const applies = writes.filter(({ type }) => type !== 'delete');
  throwIfAny([...refusals.map(asRefused), ...(await refusedOf(applies, run))]);
  throwIfAny(await refusedOf(deletes, run));
}

async function execute(
  services: ApplyServices,
  observed: Observed,
  resource: ApiResource,
  write: PlannedWrite,
): Promise<void> {
  if (write.type === 'delete') await removeObject(services, observed, resource, write);
  else await applyObject(services, observed, resource, write);
}

/**
 * Carries out a plan, unless the same one failed a moment ago; a failure is returned. What the API server refused is not repeated
 * before something about it or the Release has changed, or a growing delay is over. Throws only what says that another pass is due.
 */
export async function attemptPlan(
  services: ApplyServices & Pick<DeployServices, 'attempts' | 'discovery'>,
  observed: Observed,
  scope: Scope,
  plan: Plan,
  applied?: (write: ApplyWrite) => void,
): Promise<Failure | undefined> {
  const facts = plan.writes.map((write) => factsOf(write, scope));
  const subject = digestOfJson([observed.release.metadata.generation, plan.refusals, facts]);
  const { attempts } = services;
  const { failure } = await trying(() =>
    attempts.run(`${observed.key} apply`, subject, () => applyPlan(services, observed, scope, plan, applied)),
  );
  return failure;
}

/** Returns what remembers each correction, so that none is repeated for ever. */
export function repairRecorder(
  { repairs }: Pick<DeployServices, 'repairs'>,
  { key }: Observed,
): (write: ApplyWrite) => void {
  return ({ object, ...write }) => repairs.remember(key, object, write.type === 'update' ? write.changes : []);
}

/** What the outcome of a write depends on. */
function factsOf(write: PlannedWrite, scope: Scope): (string | undefined)[] {
  const { uid } = scope.live(write.ref)?.metadata ?? {};
  const applied = write.type === 'delete' ? undefined : write.object.metadata.annotations?.[APPLIED_ANNOTATION];
  return [write.type, keyOf(write.ref), uid, applied];
}

/** An object that the API server refused. */
interface Refused {
  ref: ObjectRef;
  failure: Failure;
  cause: unknown;
}

function asRefused({ ref, message }: Refusal): Refused {
  const cause = new ReleaseError('AlreadyExists', message);
  return { ref, failure: failureOf(cause), cause };
}

async function refusedOf(
  writes: readonly PlannedWrite[],
  run: (write: PlannedWrite) => Promise<void>,
): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const write of writes) {
    if (refused.length >= MAX_REFUSALS) break;
    try {
      await run(write);
    } catch (cause) {
      const failure = failureOf(cause);
      if (isStaleRead(cause) || failure.retry === 'soon') throw cause;
      refused.push({ ref: write.ref, failure, cause });
    }
  }
  return refused;
}

function throwIfAny(refused: readonly Refused[]): void {
  const [first, ...others] = refused;
  if (!first) return;
  const causes = refused.map(({ failure }) => shortened(failure.message));
  const end = refused.length >= MAX_REFUSALS ? ', after which nothing else was tried' : '';
  const more = refused.length > MAX_NAMED ? `; and ${refused.length - MAX_NAMED} more${end}` : '';
  const message = others.length === 0 ? first.failure.message : `${causes.slice(0, MAX_NAMED).join('; ')}${more}`;
  const objects = new Map(refused.map(({ ref }, index) => [keyOf(ref), causes[index] ?? '']));
  throw new ReleaseError(first.failure.reason, message, { cause: first.cause, objects });
}

/** The API server begins with what it refuses and ends with why; the value between them can be long. */
function shortened(message: string): string {
  const { beginning, end } = MAX_CAUSE;
  return message.length <= beginning + end ? message : `${message.slice(0, beginning)} … ${message.slice(-end)}`;
}

/** Deletes an object as the tenant, and all that it owns in the background. Throws KubeError. */
export async function removeObject(
  services: Pick<DeployServices, 'children' | 'writes'>,
  { key, tenant, user }: Observed,
  resource: ApiResource,
  { ref, uid }: { ref: ObjectRef; uid?: string },
): Promise<void> {
  const { namespace, name } = ref;
  const options = { propagation: 'Background', ...(uid === undefined ? {} : { uid }) } as const;
  const left = await tenant.remove(resource, namespace, name, options);
  services.writes.count(key, 'delete');
  if (left?.metadata.deletionTimestamp) services.children.store(user, resource, namespace, left);
  else services.children.forgetObject(user, resource, namespace, name);
}

/** A write that makes an object as it is desired. */
export type ApplyWrite = Exclude<PlannedWrite, { type: 'delete' }>;

async function applyObject(
  services: ApplyServices,
  observed: Observed,
  resource: ApiResource,
  write: ApplyWrite,
): Promise<void> {
  try {
    const live = await send(services, observed, resource, write);
    services.writes.count(observed.key, write.type);
    // What came back may be large: it is read, kept and compared in turns.
    await inTurn(() => services.children.store(observed.user, resource, write.ref.namespace, live));
    const lost = await inTurns(outOfSync(write.object, live, OWNERSHIP));
    services.applies.remember(live, lost);
    // An update may have left fields to others, that the desired state has.
    if (lost.length === 0 && write.type === 'create') rememberInSync(services, observed, resource, write, live);
  } catch (error) {
    // A quota that was counted up meanwhile is a conflict too, of which no manager is named: another pass is due.
    const isOthers = isKubeError(error, 'Conflict') && error.conflicts.length > 0;
    if (write.type !== 'create' || !isOthers) throw error;
    const message = `${titleOf(write.ref)} exists and differs: delete it, or rename the one in this chart`;
    throw new ReleaseError('AlreadyExists', message, { cause: error });
  }
}

/** Spares the next pass the same comparison, if what is kept is that very state. */
function rememberInSync(
  { children, comparisons }: Pick<DeployServices, 'children' | 'comparisons'>,
  { user }: Observed,
  resource: ApiResource,
  { ref, object }: ApplyWrite,
  live: KubeObject,
): void {
  const kept = children.live(user, resource, ref.namespace, ref.name);
  if (kept && kept.metadata.resourceVersion === live.metadata.resourceVersion) comparisons.rememberInSync(object, kept);
}

/** Creates an object that is no child: a hook's. Throws KubeError. */
export async function makeObject(
  services: Pick<DeployServices, 'children' | 'events'>,
  observed: Observed,
  resource: ApiResource,
  object: KubeObject,
): Promise<void> {
  const made = await send(services, observed, resource, { type: 'create', object });
  services.children.store(observed.user, resource, object.metadata.namespace, made);
}

/** Gives a Job that has ended its time to live; one that is gone is fine. Throws KubeError. */
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

type Sending = Pick<ApplyWrite, 'type' | 'object'>;

const MAX_REMEDIES = 10;

/**
 * Applies an object, each time that the API server refuses what Helm would get past it, with the cause removed; what has entries
 * with the same key, or with none, is written otherwise.
 */
async function send(
  { events }: Pick<DeployServices, 'events'>,
  observed: Observed,
  resource: ApiResource,
  { type, object }: Sending,
): Promise<KubeObject> {
  // An object that is not there yet is applied without force: one that somebody else makes meanwhile is not taken over.
  const options = { fieldManager: FIELD_MANAGER, force: type === 'update' };
  let sent = object;
  let write = async (): Promise<KubeObject> => observed.tenant.apply(resource, sent, options);
  let refusal = '';
  for (let remedies = 0; ; remedies += 1) {
    try {
      return await write();
    } catch (error) {
      // What is refused in the same words again was not remedied.
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
 * What to send instead: undeclared fields and nulls that may not be left out, or the same after what is in its way was claimed. Throws
 * the error where nothing helps.
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
  // What is about to be created has no defaults yet; if it does exist after all, it is somebody else's.
  const isCleared = type === 'update' && (await claimInTheWay(tenant, resource, object, error.message));
  if (!isCleared) throw error;
  return object;
}
