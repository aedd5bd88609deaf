import {
  keyOf,
  titleOf,
  withKeptRefs,
  yellow,
  type Health,
  type HeldObject,
  type ObjectRef,
  type Plan,
  andMore,
} from '../../resources/index.ts';
import { deleteAllVersions, deleteVersion } from '../history/history.ts';
import { keepVersions, readVersions } from '../history/owned-versions.ts';
import { noLongerNeeded } from '../history/superseded.ts';
import type { Observed } from '../pass/observed.ts';
import type { DeployServices } from './services.ts';
import { earliest } from '../pass/earliest.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import type { Desired, DesiredObject } from '../plan/desired.ts';
import { driftIn, driftLeftBy, leavesDrift, repairMessage } from '../plan/drift.ts';
import { inventoryOf, openScope, planIn, type Scope } from '../plan/scope.ts';
import { isSameProgress, progressOf, unionOf, type Progress } from '../status/progress.ts';
import { repairRecorder } from './apply.ts';
import { Checkpoint } from './checkpoint.ts';
import { comeUpBeside } from './colours/beside.ts';
import { coloursOf, leftVersion } from './colours/colours.ts';
import { attemptCut } from './colours/cut.ts';
import { retireStandby, sparingStandby, standbyKeys } from './colours/standby.ts';
import { defineKinds } from './define-kinds.ts';
import { finishedWork } from './finished-work.ts';
import { namedHooks, runHooks } from './hooks/hooks.ts';
import { runTests } from './hooks/tests.ts';
import { heldHealth, inOrder } from './objects/in-order.ts';
import { announceSpared, sparingVolumes } from './objects/spared-volumes.ts';
import { appliedAt, inPhase, isNotYetApplying, unapprovedEdit, wasApplied, withStandby } from './operation.ts';
import type { StageResult, StageInput } from './stage.ts';
import type { DeployTarget } from './target.ts';

/** The result of a deploy in this pass, even if it failed. */
export interface DeployResult extends Omit<StageResult, 'isOver' | 'remainingHistories'> {
  /** The Release as stored on the way. */
  observed: Observed;
  /** Undefined if the objects could not be watched. */
  scope: Scope | undefined;
  /** Why each refused object was refused, by key of its reference. */
  refused?: ReadonlyMap<string, string> | undefined;
  /** What it waits for that somebody has to approve or undo, in words. */
  approval?: string | undefined;
}

/**
 * Brings the cluster from `begun` to a target as far as this pass can: hooks before, the plan, hooks after, tests. Each is a phase in the status,
 * so that waiting occupies no worker and a restart goes on from there. To delete is to deploy nothing. Throws only errors that call for
 * another pass: Conflict, Fenced.
 */
export async function deploy(
  services: DeployServices,
  observed: Observed,
  target: DeployTarget,
  begun: Progress,
): Promise<DeployResult> {
  const { release, key } = observed;
  const hooks = namedHooks(target.desired.hooks, begun);
  const { value: opened, failure } = await catchFailure(async () => {
    const { standby, awaited, beside } = await coloursOf(services, observed, target, begun);
    const desired = { ...target.desired, objects: [...target.desired.objects, ...standby], hooks };
    const objects = desired.objects.map(({ object }) => object);
    const progress = { ...begun, inventory: withKeptRefs(begun.inventory, objects) };
    const watched = beside ? { ...desired, objects: [...desired.objects, ...beside.desired.objects] } : desired;
    const scope = await openScope(services, observed, watched, progress.inventory);
    return { standby, awaited, beside, desired, progress, scope };
  });
  if (!opened) return { observed, progress: latest(progressOf(release.status), begun), scope: undefined, failure };
  const { desired, progress, scope, ...colours } = opened;
  if (release.spec.suspend && target.operation !== 'Delete') return { observed, progress, scope };
  const approval = unapprovedEdit(release, progress);
  if (approval !== undefined) return { observed, progress, scope, approval };
  const checkpoint = new Checkpoint(services, observed, scope);
  const step = { services, observed, target: { ...target, desired }, scope, progress, checkpoint, ...colours };
  const subject = [target.version, target.operation, release.metadata.generation].join(' ');
  const result = await catchFailure(() => services.attempts.run(`${key} deploy`, subject, () => runStages(step)));
  const { remainingHistories = observed.histories, ...stage } = result.value ?? {
    progress: latest(checkpoint.progress, begun),
  };
  const stored = { ...checkpoint.observed, histories: remainingHistories };
  return { failure: result.failure, ...stage, observed: stored, scope, refused: result.value?.failure?.objects };
}

const STAGES: ((step: StageInput) => Promise<StageResult>)[] = [
  async (step) => (isLeftAlone(step) ? { progress: step.progress, isOver: true } : defineKinds(step)),
  (step) => runHooks(step, 'Before'),
  comeUpBeside,
  (step) => (isLeftAlone(step) ? lookForDrift(step) : applyChanges(step)),
  (step) => runHooks(step, 'After'),
  runTests,
  retireStandby,
  finish,
];

async function runStages(step: StageInput): Promise<StageResult> {
  let result: StageResult = { progress: step.progress, isOver: true };
  for (const stage of STAGES) {
    const { contests, drift, retryInMs, progress } = result;
    const next = await stage({ ...step, progress });
    result = { contests, drift, ...next, retryInMs: earliest(retryInMs, next.retryInMs) };
    if (!result.isOver) break;
  }
  return result;
}

/** The stored progress if it is that of this operation, else `begun`. */
function latest(stored: Progress, begun: Progress): Progress {
  return stored.operation?.startedAt === begun.operation?.startedAt ? stored : begun;
}

/** Carries out the plan. Not over while an object is still being deleted that must be gone, or must be created again. */
async function applyChanges(step: StageInput): Promise<StageResult> {
  const { services, observed, target, scope, checkpoint } = step;
  const before = step.progress.inventory;
  // The colour that is kept goes in a stage of its own.
  const standby = standbyKeys(step);
  const keptOf = standby.length === 0 ? [] : before.filter((entry) => standby.includes(keyOf(entry)));
  const wanted = unionOf(inventoryOf(target.desired, scope, before), keptOf);
  const finished = finishedWork(services, observed, { desired: target.desired, scope, progress: step.progress });
  const all = await planIn(scope, services, observed, target.desired, before, finished);
  const { plan: whole, spared } = sparingVolumes(observed.release, sparingStandby(all, { standby }));
  const { plan, held } = inOrder({ ...step, progress: { ...step.progress, finished } }, whole);
  // Objects are listed in the inventory before they exist, so that none is lost if the controller dies here.
  const progress = { ...inPhase(step.progress, 'Applying'), inventory: unionOf(before, wanted), finished, standby };
  const isDeletion = target.operation === 'Delete';
  const isStored = isDeletion || isSameProgress(progress, checkpoint.progress);
  if (!isStored) await checkpoint.store(progress);
  const isRepeated = !isNotYetApplying(step.progress);
  const recorder = isRepeated ? repairRecorder(services, observed) : undefined;
  const repair = wasApplied(progress) ? repairText(plan, scope, target.version) : undefined;
  const outcome = await attemptCut(step, plan, recorder);
  const { contests } = plan;
  if (outcome.failure) return { progress, isOver: false, failure: outcome.failure, contests };
  announceRepair(services, observed, repair);
  const waiting = await waitingAfter(step, outcome, [...plan.waiting, ...outcome.replaced], held);
  if (waiting) return { progress, isOver: false, contests, waiting, retryInMs: retryOf(target.desired, held) };
  if (isDeletion) checkAllReachable(scope);
  announceSpared(services, observed.release, spared);
  const drift = leavesDrift(observed.release.spec) ? driftLeftBy(plan, target.desired) : undefined;
  return { progress: inForce(observed, { ...progress, inventory: wanted }, target), isOver: true, contests, drift };
}

/** Whether everything was applied before, and what has changed since is not to be corrected. */
function isLeftAlone({ observed, target, progress }: StageInput): boolean {
  return target.operation !== 'Delete' && leavesDrift(observed.release.spec) && wasApplied(progress);
}

async function lookForDrift({ services, observed, target, scope, progress }: StageInput): Promise<StageResult> {
  const { desired } = target;
  const finished = finishedWork(services, observed, { desired, scope, progress });
  const drift = await driftIn(scope, services, observed, desired, progress.inventory, finished);
  return { progress: { ...progress, finished }, isOver: true, drift };
}

/** Everything is applied: from now on the version is in force. */
function inForce({ release }: Observed, progress: Progress, target: DeployTarget): Progress {
  const { version, chart, operation } = target;
  const isTimed = release.spec.onFailure?.strategy === 'Rollback' || progress.standby.length > 0;
  const applied = inPhase(isTimed ? appliedAt(progress, new Date().toISOString()) : progress, 'After');
  if (operation === 'Delete') return applied;
  const left = progress.standby.length > 0 && !wasApplied(progress) ? leftVersion(target, progress) : undefined;
  return { ...withStandby(applied, left), version, chart };
}

/** What a plan that was carried out leaves to be waited for. */
async function waitingAfter(
  step: StageInput,
  { waiting }: { waiting?: Health | undefined },
  goingAway: readonly ObjectRef[],
  held: readonly HeldObject[],
): Promise<Health | undefined> {
  if (step.target.operation === 'Delete') return deletingHealth(await remaining(step), step.scope);
  return heldHealth(held) ?? waiting ?? waitingFor(step.target.desired, goingAway, held, step.scope);
}

/** What has to be gone or, in the order of objects, ready first. Throws ReleaseError while there are objects of kinds that are not served yet. */
function waitingFor(
  { pending }: Desired,
  goingAway: readonly ObjectRef[],
  held: readonly HeldObject[],
  scope: Scope,
): Health | undefined {
  if (held.length === 0) awaitKinds(pending);
  return heldHealth(held) ?? deletingHealth(goingAway, scope);
}

const UNSERVED_RETRY_MS = 5_000;

/** Others wait for an object of a kind that is not served, and no event reports when it is. */
function retryOf({ pending }: Desired, held: readonly HeldObject[]): number | undefined {
  return held.length > 0 && pending.length > 0 ? UNSERVED_RETRY_MS : undefined;
}

/** What a deletion has still to delete, or waits for. */
async function remaining({ services, observed, target, scope, progress }: StageInput): Promise<ObjectRef[]> {
  const { writes, waiting } = await planIn(scope, services, observed, target.desired, progress.inventory);
  return [...waiting, ...writes.map(({ ref }) => ref)];
}

/** Throws ReleaseError if a child may still exist that nobody can read or delete: only the inventory knows of it. */
function checkAllReachable({ unserved }: Scope): void {
  const [first, ...others] = [...unserved];
  if (first === undefined) return;
  const [key, { message }] = first;
  const advice = 'serve one of its versions again, or delete its CustomResourceDefinition, and its objects with it';
  throw new ReleaseError('KindNotFound', `${key.split('/').at(-1)} ${message}${andMore(others.length)}: ${advice}`);
}

/** Names an object that is still being deleted, and the finalizers that hold it; undefined if there is none. */
function deletingHealth(refs: readonly ObjectRef[], { live }: Scope): Health | undefined {
  const [first, ...others] = refs;
  if (!first) return undefined;
  const { finalizers = [] } = live(first)?.metadata ?? {};
  const holders = finalizers.length > 0 ? `, held by the finalizers ${finalizers.join(', ')}` : '';
  return yellow(`${titleOf(first)}: is being deleted${holders}${andMore(others.length)}`);
}

/** Throws ReleaseError until the cluster serves every kind that the version defines. Objects of these kinds are applied after that. */
function awaitKinds(pending: readonly DesiredObject[]): void {
  if (pending.length === 0) return;
  const kinds = [...new Set(pending.map(({ object }) => `${object.kind} in ${object.apiVersion}`))];
  throw new ReleaseError('Progressing', `waiting for the cluster to serve ${kinds.join(', ')}`, { retry: 'soon' });
}

/**
 * What the event of a repair says; to be made before it, as it says who owned the fields until then. Undefined if nothing is to be done.
 */
export function repairText({ writes }: Plan, { live }: Scope, version: number): string | undefined {
  const { length } = writes;
  if (length === 0) return undefined;
  return `${length} object${length === 1 ? '' : 's'} restored to version ${version}: ${repairMessage(writes, live)}`;
}

/** Records an event for a repair that is done. */
export function announceRepair(
  services: Pick<DeployServices, 'events'>,
  { release }: Observed,
  message: string | undefined,
): void {
  if (message === undefined) return;
  services.events.record({ object: release, type: 'Normal', reason: 'DriftCorrected', message });
}

/** Deletes the recorded versions that are no longer needed: those beyond the limit or, after a deletion, all. */
async function finish({ services, observed, target, progress }: StageInput): Promise<StageResult> {
  const { histories, release } = observed;
  const { spec } = release;
  const done = { progress: inPhase(progress, 'Done'), isOver: true };
  if (target.operation === 'Delete') {
    services.records.forgetOf(release);
    if (spec.uninstall?.keepHistory) {
      await keepVersions(services.client, await readVersions(services.client, release));
      return done;
    }
    await deleteAllVersions(services.client, release, services.histories.list(release.metadata.namespace));
    return done;
  }
  const { standby } = progress.operation ?? {};
  const beyond = noLongerNeeded({ version: target.version, standby }, spec.historyLimit, observed);
  for (const history of beyond) {
    await deleteVersion(services.client, history);
    services.histories.forget(history.metadata.namespace, history.metadata.name);
  }
  return { ...done, remainingHistories: histories.filter((history) => !beyond.includes(history)) };
}
