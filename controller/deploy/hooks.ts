import type { HookEvent } from '../../chart-renderer/index.ts';
import { FIELD_MANAGER, type Operation } from '../../crds/index.ts';
import { keyOf, nextHookStep, type Hook, type HookStep } from '../../resources/index.ts';
import { removeObject } from './apply.ts';
import type { Context, Pass } from '../pass/context.ts';
import type { Desired } from '../plan/desired.ts';
import { ReleaseError } from '../pass/errors.ts';
import { ownerOf } from '../pass/ownership.ts';
import type { Progress } from '../status/progress.ts';
import type { VersionRecord } from '../history/record.ts';
import { report } from '../status/report.ts';
import type { Scope } from '../plan/scope.ts';

/** What running hooks needs: the hooks of a version, and what is live and recorded of them. */
export interface HookRun {
  context: Context;
  pass: Pass;
  record: VersionRecord;
  desired: Desired;
  progress: Progress;
  scope: Scope;
}

const EVENTS: Record<'Before' | 'After', Record<Operation, HookEvent>> = {
  Before: { install: 'pre-install', upgrade: 'pre-upgrade', rollback: 'pre-rollback', delete: 'pre-delete' },
  After: { install: 'post-install', upgrade: 'post-upgrade', rollback: 'post-rollback', delete: 'post-delete' },
};

/**
 * Runs the hooks of a phase as far as they go without waiting; true where the phase is over or not the present one. What is
 * awaited brings the Release back by an event. Throws ReleaseError HookFailed, KubeError.
 */
export async function runHooks(run: HookRun, phase: 'Before' | 'After'): Promise<boolean> {
  const { operation } = run.progress;
  if (operation?.phase !== phase) return true;
  const event = EVENTS[phase][operation.type];
  const hooks = hooksOf(run, event);
  if (hooks.length === 0) return true;
  const name = `${operation.version}.${event}.${Date.parse(operation.startedAt)}`;
  let step = nextStep(run, hooks, name);
  while (step.type !== 'done' && step.type !== 'wait') {
    await carryOut(run, event, step);
    step = nextStep(run, hooks, name);
  }
  return step.type === 'done';
}

function nextStep({ pass, progress, scope, context }: HookRun, hooks: Hook[], run: string): HookStep {
  const pods = context.children.pods(pass.user, pass.release.metadata.namespace);
  const { live } = scope;
  return nextHookStep({ hooks, run, results: progress.hooks, live, pods, owner: ownerOf(pass.release) });
}

/** The hooks of a version for one event, each made ready for this Release. */
function hooksOf({ record, desired }: HookRun, event: HookEvent): Hook[] {
  return record.hooks.flatMap(({ events, weight, deletePolicies }, index) => {
    const placed = desired.hooks[index];
    return placed && events.includes(event) ? [{ object: placed.object, weight, deletePolicies }] : [];
  });
}

type Deed = Exclude<HookStep, { type: 'done' | 'wait' }>;

async function carryOut(run: HookRun, event: HookEvent, step: Deed): Promise<void> {
  switch (step.type) {
    case 'failed':
      throw new ReleaseError('HookFailed', `${event}: ${step.message}`);
    case 'record':
      run.progress.hooks = step.results;
      return;
    case 'create':
      return createHook(run, step);
    case 'delete':
      return deleteHook(run, step);
  }
}

async function createHook({ context, pass, scope, progress }: HookRun, step: Extract<Deed, { type: 'create' }>) {
  const { ref, object } = step;
  const resource = scope.resources.get(keyOf(ref));
  if (!resource) return;
  // The run is named after the beginning of its operation: were that not stored, a restart would run the hook once more.
  if (pass.release.status?.operation?.startedAt !== progress.operation?.startedAt) {
    await report(context, pass, { progress, scope, failure: undefined }, 'now');
  }
  const made = await pass.tenant.apply(resource, object, { fieldManager: FIELD_MANAGER, force: false });
  context.children.store(pass.user, resource, ref.namespace, made);
}

async function deleteHook({ context, pass, scope, progress }: HookRun, step: Extract<Deed, { type: 'delete' }>) {
  const resource = scope.resources.get(keyOf(step.ref));
  if (!resource) return;
  // With its object goes the only other trace of how a hook ended.
  await report(context, pass, { progress, scope, failure: undefined }, 'now');
  await removeObject(context, pass, resource, step);
}
