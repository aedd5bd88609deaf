import { isKubeError, type ApiResource } from '../../kube/index.ts';
import {
  digestOfJson,
  endOfWork,
  keyOf,
  outOfSync,
  titleOf,
  type KubeObject,
  type ObjectRef,
  type PlannedWrite,
  type Plan,
  type Refusal,
  listed,
} from '../../resources/index.ts';
import { inTurn, inTurns } from '../../turns/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { ApplyServices, DeployServices } from './services.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { failureOf, isStaleRead, type Failure } from '../pass/failures/failures.ts';
import { appliedDigestOf, OWNERSHIP } from '../pass/ownership.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import { withServedKinds, type Scope } from '../plan/scope.ts';
import { takeOverFields } from './objects/beside-apply.ts';
import { removeObject, sendApply } from './objects/object-writes.ts';
import { removeToReplace } from './objects/replace.ts';

/** This many refusals end a plan: what is refused for all objects alike, say by a quota, must not be tried thousands of times. */
const MAX_REFUSALS = 50;
const MAX_NAMED = 10;
const MAX_CAUSE = { beginning: 250, end: 150 };

/**
 * Carries out a plan as the tenant, in its order; the only writer of children. Goes on after an object that the API server refuses, or that
 * somebody else owns, but then deletes nothing: what the refused object was to replace may still be needed. Stops at a failure that may
 * pass by itself: what is done is done, and the next plan has the rest. Calls `applied` for each object that was sent. Returns the objects
 * that are being deleted, to be created again by a later plan; meanwhile nothing else is deleted. Throws KubeError, WaitsForMemory,
 * ReleaseError with all refused objects.
 */
export async function applyPlan(
  services: ApplyServices & Pick<DeployServices, 'discovery' | 'memory'>,
  observed: Observed,
  scope: Scope,
  { writes, refusals }: Pick<Plan, 'writes' | 'refusals'>,
  applied?: (write: ApplyWrite) => void,
): Promise<ObjectRef[]> {
  const replaced: ObjectRef[] = [];
  const run = async (write: PlannedWrite): Promise<void> => {
    const resource = scope.resources.get(keyOf(write.ref));
    if (!resource) return;
    const outcome = await withServedKinds(services, [resource], () => execute(services, observed, resource, write));
    if (outcome === 'being replaced') replaced.push(write.ref);
    else if (write.type !== 'delete') applied?.(write);
    services.memory.giveWay(observed.key);
  };
  const deletes = writes.filter(({ type }) => type === 'delete');
  const applies = writes.filter(({ type }) => type !== 'delete');
  throwIfAny([...refusals.map(asRefused), ...(await refusedOf(applies, run))]);
  if (replaced.length === 0) throwIfAny(await refusedOf(deletes, run));
  return replaced;
}

/** What became of a write. */
type Outcome = 'done' | 'being replaced';

async function execute(
  services: ApplyServices,
  observed: Observed,
  resource: ApiResource,
  write: PlannedWrite,
): Promise<Outcome> {
  if (write.type !== 'delete') return applyObject(services, observed, resource, write);
  const { metadata, spec } = observed.release;
  const propagation = metadata.deletionTimestamp === undefined ? undefined : spec.uninstall?.propagation;
  await removeObject(services, observed, resource, propagation ? { ...write, propagation } : write);
  return 'done';
}

/** What became of a plan: why it failed, or what is still being deleted, to be created again. */
export interface PlanOutcome {
  failure: Failure | undefined;
  replaced: ObjectRef[];
}

/**
 * Carries out a plan, unless the same one failed a moment ago. A failure is returned. What the API server refused is not tried again until
 * it or the Release has changed, or a growing delay is over. Attempts under another `name` are counted apart. Throws only errors that call for
 * another pass.
 */
export async function attemptPlan(
  services: ApplyServices & Pick<DeployServices, 'attempts' | 'discovery' | 'memory'>,
  observed: Observed,
  scope: Scope,
  plan: Plan,
  applied?: (write: ApplyWrite) => void,
  name = 'apply',
): Promise<PlanOutcome> {
  const facts = plan.writes.map((write) => factsOf(write, scope));
  const subject = digestOfJson([observed.release.metadata.generation, plan.refusals, facts]);
  const { attempts } = services;
  const { value: replaced = [], failure } = await catchFailure(() =>
    attempts.run(`${observed.key} ${name}`, subject, () => applyPlan(services, observed, scope, plan, applied)),
  );
  return { failure, replaced };
}

/** A function that remembers each correction, so that none is repeated for ever. */
export function repairRecorder(
  { repairs }: Pick<DeployServices, 'repairs'>,
  { key }: Observed,
): (write: ApplyWrite) => void {
  return ({ object, ...write }) => repairs.remember(key, object, write.type === 'update' ? write.changes : []);
}

/** What the outcome of a write depends on. */
function factsOf(write: PlannedWrite, scope: Scope): (string | undefined)[] {
  const live = scope.live(write.ref);
  const applied = write.type === 'delete' ? undefined : appliedDigestOf(write.object);
  // Work that has ended may be replaced.
  return [write.type, keyOf(write.ref), live?.metadata.uid, live && endOfWork(live), applied];
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
  const message = others.length === 0 ? first.failure.message : `${listed(causes, MAX_NAMED, '; ')}${end}`;
  const objects = new Map(refused.map(({ ref }, index) => [keyOf(ref), causes[index] ?? '']));
  throw new ReleaseError(first.failure.reason, message, { cause: first.cause, objects });
}

/** A message of the API server begins with what it refuses and ends with why; the value between them can be long. */
function shortened(message: string): string {
  const { beginning, end } = MAX_CAUSE;
  return message.length <= beginning + end ? message : `${message.slice(0, beginning)} … ${message.slice(-end)}`;
}

/** A write that creates or updates an object. */
export type ApplyWrite = Exclude<PlannedWrite, { type: 'delete' }>;

async function applyObject(
  services: ApplyServices,
  observed: Observed,
  resource: ApiResource,
  write: ApplyWrite,
): Promise<Outcome> {
  const takeOver = write.type === 'update' ? write.adopts?.takeOver : undefined;
  if (takeOver) await takeOverFields(observed.tenant, resource, write.object, takeOver);
  try {
    await takeAnswer(services, observed, resource, write, await sendApply(services, observed, resource, write));
    return 'done';
  } catch (error) {
    if (write.type === 'update') return replaceObject(services, observed, resource, write, error);
    // A quota that was counted up meanwhile is a Conflict too, but one that names no field manager: another pass is due.
    const isOthers = isKubeError(error, 'Conflict') && error.conflicts.length > 0;
    if (!isOthers) throw error;
    const message = `${titleOf(write.ref)} exists and differs: delete it, or rename the one in this chart`;
    throw new ReleaseError('AlreadyExists', message, { cause: error });
  }
}

/** Creates an object anew where its update is refused for immutable fields. Throws the refusal, or why the object is not replaced. */
async function replaceObject(
  services: ApplyServices,
  observed: Observed,
  resource: ApiResource,
  { ref, object, whole, adopts }: Extract<ApplyWrite, { type: 'update' }>,
  refusal: unknown,
): Promise<Outcome> {
  // What is only being taken over may still be needed as it is.
  if (adopts) throw refusal;
  const desired = whole ?? object;
  if (!(await removeToReplace(services, observed, resource, desired, refusal))) return 'being replaced';
  return applyObject(services, observed, resource, { type: 'create', ref, object: desired });
}

/** The object that came back may be large: it is read, stored and compared in turns with other work. */
async function takeAnswer(
  services: ApplyServices,
  observed: Observed,
  resource: ApiResource,
  write: ApplyWrite,
  live: KubeObject,
): Promise<void> {
  services.writes.count(observed.key, write.type);
  await inTurn(() => services.children.store(observed.user, resource, write.ref.namespace, live));
  const lost = await inTurns(outOfSync(write.object, live, OWNERSHIP));
  services.lastApplies.remember(live, lost);
  // After an update, others may still own fields that the desired state has.
  if (lost.length === 0 && write.type === 'create') rememberInSync(services, observed, resource, write, live);
}

/** Spares the next pass the same comparison, if the cache holds that very state. */
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
