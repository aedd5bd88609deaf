import { isDeepStrictEqual } from 'node:util';
import { digestOf, refOf, type Contest, type Operation } from '../../resources/index.ts';
import { applyPlan } from './apply.ts';
import type { Context, Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';
import { forgetVersion, historiesBeyond } from '../history/history.ts';
import { runHooks, type HookRun } from './hooks.ts';
import { present } from '../pass/present.ts';
import { progressOf, type Progress } from '../status/progress.ts';
import { report } from '../status/report.ts';
import { finishedAmong } from '../plan/finished.ts';
import { inventoryOf, openScope, planIn, type Scope } from '../plan/scope.ts';
import { unionOf } from '../status/status.ts';
import type { Target } from '../versions/target.ts';

/** What a Release has come to in this pass. */
export interface Brought {
  progress: Progress;
  scope: Scope;
  /** What somebody else undoes, as the plan found it. */
  contests: Contest[];
}

/**
 * Brings the cluster to a target as far as this pass can: hooks before, the plan, hooks after, each a phase that the status
 * tells, so that waiting holds no worker and a restart goes on where it was. Notes in `brought` how far it came, also when it
 * throws. Throws KubeError, ReleaseError.
 */
export async function bringTo(context: Context, pass: Pass, target: Target, brought: Partial<Brought>): Promise<void> {
  const progress = beginning(pass, target);
  const before = progress.inventory;
  const scope = await openScope(context, pass, target.desired, before);
  brought.progress = progress;
  brought.scope = scope;
  if (pass.release.spec.suspend) return;
  const subject = digestOf([target.version, target.history.spec.digests.record, pass.release.metadata.generation]);
  const { record, desired } = target;
  const step = { context, pass, target, record, desired, progress, scope, brought };
  await context.attempts.run(`${pass.key} bring`, subject, () => carryOut(step));
}

async function carryOut(step: Step): Promise<void> {
  if (!(await runHooks(step, 'Before'))) return;
  if (!(await applyChanges(step))) return;
  if (!(await runHooks(step, 'After'))) return;
  setPhase(step.progress, 'Done');
  await pruneHistories(step);
}

/** What the functions of one pass over a target share; `progress` moves on. */
interface Step extends HookRun {
  target: Target;
  brought: Partial<Brought>;
}

/** The stored progress where it is that of the target, else the start of the operation that leads there. */
function beginning(pass: Pass, { version, history, operation: type, inputs, verified }: Target): Progress {
  const stored = progressOf(pass.release.status);
  const { name, version: chartVersion, appVersion, digest } = history.spec.resolved;
  const chart = present({ name, version: chartVersion, appVersion, digest, verified });
  if (stored.version === version && stored.operation) return { ...stored, chart, inputs: stored.inputs ?? inputs };
  const operation = { type, version, phase: 'Before', startedAt: new Date().toISOString() } as const;
  return { version, chart, inputs, operation, hooks: [], inventory: stored.inventory, finished: new Map() };
}

/** False where an object is still being deleted that has to be made again. */
async function applyChanges(step: Step): Promise<boolean> {
  const { context, pass, target, progress, scope } = step;
  const before = progress.inventory;
  const wanted = inventoryOf(target.desired, scope, before);
  progress.finished = finishedWork(step);
  const { operations, waiting, contests } = planIn(scope, context, pass, target.desired, before, progress.finished);
  step.brought.contests = contests;
  // What is about to exist is written down before it does, so that nothing is lost if the controller dies here.
  progress.inventory = unionOf(before, wanted);
  const isRepair = wasApplied(progress);
  const isRepeated = progress.operation?.phase !== 'Before';
  setPhase(progress, 'Applying');
  if (!isDeepStrictEqual(progress, progressOf(pass.release.status))) {
    await report(context, pass, { progress, scope, failure: undefined }, 'now');
  }
  if (isRepair && operations.length > 0) announceRepair(context, pass, operations.length);
  await applyPlan(context, pass, scope, [...missingDefinitions(step), ...operations], ({ object, ...write }) => {
    if (isRepeated) context.repairs.note(pass.key, object, write.type === 'update' ? write.changes : []);
  });
  awaitKinds(target);
  if (waiting.length > 0) return false;
  progress.inventory = wanted;
  setPhase(progress, 'After');
  return true;
}

/** The work that is done for the present operation; what went before it began counts for nothing. */
function finishedWork({ context, pass, target, progress, scope }: Step): Progress['finished'] {
  const { endings } = context.children;
  if (progress.operation?.phase === 'Before') endings.forget(pass.key);
  return finishedAmong(
    target.desired.objects.map(({ object }) => object),
    {
      live: scope.live,
      ending: (ref) => endings.of(pass.key, ref),
      recorded: progress.finished,
      wasApplied: wasApplied(progress),
    },
  );
}

/** The definitions of the chart's `crds/` that are not there. */
function missingDefinitions({ target, scope }: Step): Operation[] {
  return target.desired.definitions
    .map(({ object }) => ({ type: 'create' as const, ref: refOf(object), object }))
    .filter(({ ref }) => scope.live(ref) === undefined);
}

/** Throws ReleaseError until the cluster serves every kind that the version defines: its objects follow then. */
function awaitKinds({ desired: { pending } }: Target): void {
  if (pending.length === 0) return;
  const kinds = [...new Set(pending.map(({ object }) => `${object.kind} in ${object.apiVersion}`))];
  throw new ReleaseError('Progressing', `waiting for the cluster to serve ${kinds.join(', ')}`, { retry: 'soon' });
}

/** Whether the operation had applied everything: what is to be done now is drift. */
function wasApplied({ operation }: Progress): boolean {
  return operation?.phase === 'After' || operation?.phase === 'Done';
}

const PHASES = ['Before', 'Applying', 'After', 'Done'] as const;

/** Moves an operation on, never back. */
function setPhase(progress: Progress, phase: (typeof PHASES)[number]): void {
  const { operation } = progress;
  if (!operation || PHASES.indexOf(operation.phase) >= PHASES.indexOf(phase)) return;
  progress.operation = { ...operation, phase };
}

function announceRepair(context: Context, { release }: Pass, objects: number): void {
  const message = `${objects} object${objects === 1 ? '' : 's'} put back as version ${release.status?.version} has them`;
  context.events.record({ object: release, type: 'Normal', reason: 'DriftCorrected', message });
}

async function pruneHistories({ context, pass, target }: Step): Promise<void> {
  const beyond = historiesBeyond(pass.release.spec.historyLimit, target.version, pass.histories);
  for (const history of beyond) {
    await forgetVersion(context.client, history);
    context.histories.forget(history.metadata.namespace, history.metadata.name);
  }
  pass.histories = pass.histories.filter((history) => !beyond.includes(history));
}
