import { isDeepStrictEqual } from 'node:util';
import {
  digestOf,
  refOf,
  titleOf,
  yellow,
  type Health,
  type KubeObject,
  type ObjectRef,
  type Plan,
} from '../../resources/index.ts';
import { forgetAllVersions, forgetVersion, historiesBeyond } from '../history/history.ts';
import type { Context, Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';
import { failureOf, saysLookAgain } from '../pass/failures.ts';
import type { Placed } from '../plan/desired.ts';
import { inventoryOf, openScope, planIn, type Scope } from '../plan/scope.ts';
import { progressOf, type Progress } from '../status/progress.ts';
import { report } from '../status/report.ts';
import { unionOf } from '../status/status.ts';
import { applyPlan, attemptPlan, repairsOf } from './apply.ts';
import { finishedWork } from './finished-work.ts';
import { namedHooks, runHooks } from './hooks.ts';
import { inPhase, wasApplied } from './operation.ts';
import type { Stage, Step } from './stage.ts';
import type { DeployTarget } from './target.ts';

/** What a deploy has come to in this pass, also where it failed. */
export interface Deployment extends Omit<Stage, 'isOver'> {
  /** Undefined where the objects could not be looked at. */
  scope: Scope | undefined;
  /** The objects that were refused, by key of their reference, with why. */
  refused?: ReadonlyMap<string, string> | undefined;
}

/**
 * Brings the cluster from `begun` to a target as far as this pass can: hooks before, the plan, hooks after, each a phase that the
 * status tells, so that waiting holds no worker and a restart goes on where it was. To delete is to deploy nothing. Throws only
 * what says that another pass is due: Conflict, Fenced.
 */
export async function deploy(context: Context, pass: Pass, target: DeployTarget, begun: Progress): Promise<Deployment> {
  let scope: Scope | undefined;
  try {
    const desired = { ...target.desired, hooks: namedHooks(target.desired.hooks, begun) };
    scope = await openScope(context, pass, desired, begun.inventory);
    if (pass.release.spec.suspend && target.operation !== 'Delete') return { progress: begun, scope };
    const step = { context, pass, target: { ...target, desired }, scope, progress: begun };
    const subject = digestOf([target.version, target.operation, pass.release.metadata.generation]);
    const came = await context.attempts.run(`${pass.key} deploy`, subject, () => runStages(step));
    return { ...came, scope, refused: came.failure?.objects };
  } catch (error) {
    if (saysLookAgain(error)) throw error;
    return { progress: latest(pass, begun), scope, failure: failureOf(error) };
  }
}

const STAGES: ((step: Step) => Promise<Stage>)[] = [
  defineKinds,
  (step) => runHooks(step, 'Before'),
  applyChanges,
  (step) => runHooks(step, 'After'),
  finish,
];

async function runStages(step: Step): Promise<Stage> {
  let came: Stage = { progress: step.progress, isOver: true };
  for (const stage of STAGES) {
    came = { contests: came.contests, ...(await stage({ ...step, progress: came.progress })) };
    if (!came.isOver) break;
  }
  return came;
}

/** What was stored on the way, if the operation was. */
function latest({ release }: Pass, begun: Progress): Progress {
  const stored = progressOf(release.status);
  return stored.operation?.startedAt === begun.operation?.startedAt ? stored : begun;
}

/** Creates the definitions of the chart's `crds/` that are not there; hooks may need them, so they come first as with Helm. */
async function defineKinds({ context, pass, target, scope, progress }: Step): Promise<Stage> {
  const missing = target.desired.definitions
    .map(({ object }) => ({ type: 'create' as const, ref: refOf(object), object }))
    .filter(({ ref }) => scope.live(ref) === undefined);
  await applyPlan(context, pass, scope, { operations: missing, refusals: [] });
  return { progress, isOver: true };
}

/** Carries out what the plan says; not over where an object is still being deleted that has to be made again, or to be gone. */
async function applyChanges(step: Step): Promise<Stage> {
  const { context, pass, target, scope } = step;
  const before = step.progress.inventory;
  const wanted = inventoryOf(target.desired, scope, before);
  const finished = finishedWork(context, pass, { desired: target.desired, scope, progress: step.progress });
  const plan = await planIn(scope, context, pass, target.desired, before, finished);
  // What is about to exist is written down before it does, so that nothing is lost if the controller dies here.
  const progress = { ...inPhase(step.progress, 'Applying'), inventory: unionOf(before, wanted), finished };
  const isDeletion = target.operation === 'Delete';
  const isStored = isDeletion || isDeepStrictEqual(progress, progressOf(pass.release.status));
  if (!isStored) await report(context, pass, { progress, scope, failure: undefined }, 'now');
  const isRepeated = step.progress.operation?.phase !== 'Before';
  const noting = isRepeated ? repairsOf(context, pass) : undefined;
  const failure = await attemptPlan(context, pass, scope, plan, noting);
  const { contests } = plan;
  if (failure) return { progress, isOver: false, failure, contests };
  if (wasApplied(progress)) announceRepair(context, pass, target.version, plan.operations.length);
  awaitKinds(target.desired.pending);
  const left = isDeletion ? leftOf(await planIn(scope, context, pass, target.desired, before)) : plan.waiting;
  if (left.length > 0) return { progress, isOver: false, contests, waiting: goingHealth(left.map(scope.live)) };
  if (isDeletion) refuseToLose(scope);
  return { progress: inForce({ ...progress, inventory: wanted }, target), isOver: true, contests };
}

/** Everything is applied: from now on the version is in force. */
function inForce(progress: Progress, { version, chart, operation }: DeployTarget): Progress {
  const applied = inPhase(progress, 'After');
  return operation === 'Delete' ? applied : { ...applied, version, chart };
}

function leftOf({ operations, waiting }: Plan): ObjectRef[] {
  return [...operations.map(({ ref }) => ref), ...waiting];
}

/** Throws ReleaseError where a child may still be there that nobody can see or delete: the inventory is all that tells of it. */
function refuseToLose({ unserved }: Scope): void {
  const [first, ...more] = [...unserved];
  if (first === undefined) return;
  const [key, { message }] = first;
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  const advice = 'serve one of its versions again, or delete its CustomResourceDefinition, and its objects with it';
  throw new ReleaseError('KindNotFound', `${key.split('/').at(-1)} ${message}${others}: ${advice}`);
}

/** Names what is still on its way out, and what holds it. */
function goingHealth(objects: readonly (KubeObject | undefined)[]): Health | undefined {
  const [first, ...others] = objects.flatMap((object) => object ?? []);
  if (!first) return undefined;
  const { finalizers = [] } = first.metadata;
  const holders = finalizers.length > 0 ? `, held by the finalizers ${finalizers.join(', ')}` : '';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return yellow(`${titleOf(refOf(first))}: is being deleted${holders}${more}`);
}

/** Throws ReleaseError until the cluster serves every kind that the version defines: its objects follow then. */
function awaitKinds(pending: readonly Placed[]): void {
  if (pending.length === 0) return;
  const kinds = [...new Set(pending.map(({ object }) => `${object.kind} in ${object.apiVersion}`))];
  throw new ReleaseError('Progressing', `waiting for the cluster to serve ${kinds.join(', ')}`, { retry: 'soon' });
}

/** Tells that objects, if any, were put back as a version has them. */
export function announceRepair(context: Context, { release }: Pass, version: number, objects: number): void {
  if (objects === 0) return;
  const message = `${objects} object${objects === 1 ? '' : 's'} put back as version ${version} has them`;
  context.events.record({ object: release, type: 'Normal', reason: 'DriftCorrected', message });
}

/** Forgets the versions that are no longer needed: those beyond the limit or, after a deletion, all. */
async function finish({ context, pass, target, progress }: Step): Promise<Stage> {
  const { histories, release } = pass;
  const done = { progress: inPhase(progress, 'Done'), isOver: true };
  if (target.operation === 'Delete') {
    context.records.forgetOf(release);
    await forgetAllVersions(context.client, release, context.histories.list(release.metadata.namespace));
    return done;
  }
  const beyond = historiesBeyond(release.spec.historyLimit, target.version, histories);
  for (const history of beyond) {
    await forgetVersion(context.client, history);
    context.histories.forget(history.metadata.namespace, history.metadata.name);
  }
  pass.histories = histories.filter((history) => !beyond.includes(history));
  return done;
}
