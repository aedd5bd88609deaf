import { FINALIZER, type ReleaseStatus } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import { holderOf, keyOf, planFor, refOf, type ObjectRef } from '../../resources/index.ts';
import { applyPlan, removeObject } from './apply.ts';
import { releaseFinalizer } from '../versions/claim.ts';
import type { Context, Pass } from '../pass/context.ts';
import type { Desired } from '../plan/desired.ts';
import { ReleaseError } from '../pass/errors.ts';
import { failureOf, saysLookAgain, type Failure } from '../pass/failures.ts';
import { forgetVersion } from '../history/history.ts';
import { runHooks, type HookRun } from './hooks.ts';
import { ownerOf } from '../pass/ownership.ts';
import { progressOf, type Progress } from '../status/progress.ts';
import type { Next } from '../loop/queue.ts';
import type { VersionRecord } from '../history/record.ts';
import { report } from '../status/report.ts';
import { openScope, type Scope } from '../plan/scope.ts';
import { targetInForce } from '../versions/take-up.ts';

const NOTHING: { record: VersionRecord; desired: Desired } = {
  record: { content: { chart: {} }, values: {}, objects: [], hooks: [], crds: [] },
  desired: { objects: [], pending: [], definitions: [], hooks: [], unserved: [] },
};

/**
 * One pass over a Release that is being deleted: hooks before, children in uninstall order, hooks after; when nothing of it is
 * left the Release goes, and the garbage collector takes its histories and their chunks with it.
 */
export async function uninstall(context: Context, pass: Pass): Promise<Next> {
  const { finalizers, deletionTimestamp } = pass.release.metadata;
  // Let go of, by the controller or by hand; what else holds it is none of ours.
  if (!finalizers?.includes(FINALIZER)) return {};
  const progress = beginning(pass.release.status, deletionTimestamp);
  let failure: Failure | undefined;
  try {
    const isGone = await context.attempts.run(`${pass.key} bring`, 'uninstall', () =>
      removeAll(context, pass, progress),
    );
    if (isGone) {
      await releaseFinalizer(context, pass);
      return {};
    }
  } catch (error) {
    if (saysLookAgain(error)) throw error;
    failure = failureOf(error);
  }
  const reportInMs = await report(context, pass, { progress, scope: undefined, failure }, 'soon');
  const delays = [reportInMs, context.attempts.dueInMs(pass.key)].filter((delay) => delay !== undefined);
  return delays.length === 0 ? {} : { afterMs: Math.min(...delays) };
}

/** True when nothing is left. What a namespace that is being deleted takes with it need not be deleted one by one. */
async function removeAll(context: Context, pass: Pass, progress: Progress): Promise<boolean> {
  const isNamespaceGoing = isTerminating(context, pass);
  if (isNamespaceGoing) progress.inventory = progress.inventory.filter((entry) => entry.namespace === undefined);
  if (progress.inventory.length === 0 && (isNamespaceGoing || progress.version === undefined)) return true;
  const { record, desired } = isNamespaceGoing ? NOTHING : await lastRecord(context, pass);
  const scope = await openScope(context, pass, { ...NOTHING.desired, hooks: desired.hooks }, progress.inventory);
  const run: HookRun = { context, pass, record, desired, progress, scope };
  if (!(await runHooks(run, 'Before'))) return false;
  if (!(await removeChildren(run))) return false;
  if (!(await runHooks(run, 'After'))) return false;
  return (await removeHookObjects(run)) && forgetVersions(run);
}

async function forgetVersions({ context, pass }: HookRun): Promise<true> {
  for (const history of pass.histories) await forgetVersion(context.client, history);
  return true;
}

/** The hooks of the version in force; a record that is lost must not keep a Release from being deleted. */
async function lastRecord(context: Context, pass: Pass): Promise<typeof NOTHING> {
  try {
    return (await targetInForce(context, pass)) ?? NOTHING;
  } catch (error) {
    if (isKubeError(error)) throw error;
    context.log('warn', 'deleting without hooks', { release: pass.key, cause: failureOf(error).message });
    return NOTHING;
  }
}

async function removeChildren({ context, pass, progress, scope }: HookRun): Promise<boolean> {
  if (progress.operation?.phase === 'After') return true;
  const owner = ownerOf(pass.release);
  const plan = planFor({ desired: [], inventory: progress.inventory, live: scope.live, owner });
  await applyPlan(context, pass, scope, plan.operations);
  const left = planFor({ desired: [], inventory: progress.inventory, live: scope.live, owner });
  if (left.operations.length + left.waiting.length > 0) return false;
  refuseToLose(scope);
  if (progress.operation) progress.operation = { ...progress.operation, phase: 'After' };
  return true;
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

/** Hooks leave objects behind by their delete policies; with the Release they go too. */
async function removeHookObjects({ context, pass, desired, scope }: HookRun): Promise<boolean> {
  const refs = new Map(desired.hooks.map(({ object }) => [keyOf(refOf(object)), refOf(object)]));
  const isOurs = (ref: ObjectRef): boolean => {
    const live = scope.live(ref);
    return live !== undefined && holderOf(live, ownerOf(pass.release)).type === 'self';
  };
  for (const [key, ref] of refs) {
    const resource = scope.resources.get(key);
    const live = scope.live(ref);
    if (!resource || !live || !isOurs(ref) || live.metadata.deletionTimestamp) continue;
    await removeObject(context, pass, resource, { ref });
  }
  return ![...refs.values()].some(isOurs);
}

function beginning(status: ReleaseStatus | undefined, deletionTimestamp = ''): Progress {
  const stored = progressOf(status);
  if (stored.operation?.type === 'delete') return stored;
  const version = stored.version ?? 0;
  return {
    ...stored,
    hooks: [],
    operation: { type: 'delete', version, phase: 'Before', startedAt: deletionTimestamp },
  };
}

function isTerminating(context: Context, { release }: Pass): boolean {
  return context.namespaces.get(undefined, release.metadata.namespace)?.metadata.deletionTimestamp !== undefined;
}
