import type { HookEvent } from '../../../chart-renderer/index.ts';
import type { Operation, Release } from '../../../crds/index.ts';
import { isKubeError, type ApiResource } from '../../../kube/index.ts';
import {
  nextHookAction,
  podSelectorOf,
  withGeneratedName,
  type Hook,
  type HookAction,
  type KubeObject,
  type ObjectRef,
} from '../../../resources/index.ts';
import { durationMs } from '../../pass/duration.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { failureOf } from '../../pass/failures/failures.ts';
import { ownerOf } from '../../pass/ownership.ts';
import { othersHaveRun } from '../../pass/event-loop-turns.ts';
import type { DesiredHook } from '../../plan/desired.ts';
import type { Progress } from '../../status/progress.ts';
import { expireJob, makeObject, removeObject } from '../objects/object-writes.ts';
import { hookRetries, isRetryDue, nextAttempt, retryInMs, withFailure } from '../operation.ts';
import type { StageResult, StageInput } from '../stage.ts';

/** Before anything is written, and after everything was. */
type HookPhase = 'Before' | 'After';

/** The events of Helm's hooks, by the operation and the phase of it that they belong to. What is taken over was installed before. */
export const OPERATION_EVENTS: Record<Exclude<Operation, 'Adopt'>, Record<HookPhase, HookEvent>> = {
  Install: { Before: 'pre-install', After: 'post-install' },
  Upgrade: { Before: 'pre-upgrade', After: 'post-upgrade' },
  Rollback: { Before: 'pre-rollback', After: 'post-rollback' },
  Delete: { Before: 'pre-delete', After: 'post-delete' },
};

/** The hooks, each with a name: those with a generateName get a new one for each attempt. */
export function namedHooks(hooks: readonly DesiredHook[], { operation }: Progress): DesiredHook[] {
  const attempt = `${operation?.version} ${operation?.startedAt}`;
  return hooks.map((hook, index) => ({ ...hook, object: withGeneratedName(hook.object, `${attempt} ${index}`) }));
}

/** The hooks of one event in one attempt of an operation. */
interface HookRun {
  event: HookEvent;
  hooks: DesiredHook[];
  /** Never the same for two attempts. */
  name: string;
}

/**
 * Runs the hooks of a phase as far as they go without waiting. Over when all have run, or if the phase is not the present one. What a hook
 * waits for brings the Release back by an event. Throws KubeError, ReleaseError Progressing.
 */
export async function runHooks(step: StageInput, phase: HookPhase): Promise<StageResult> {
  const { operation } = step.progress;
  if (operation?.phase !== phase || operation.type === 'Adopt' || skipsHooks(step.observed.release, operation.type))
    return { progress: step.progress, isOver: true };
  const event = OPERATION_EVENTS[operation.type][phase];
  const hooks = step.target.desired.hooks.filter(({ events }) => events.includes(event));
  if (hooks.length === 0) return { progress: step.progress, isOver: true };
  awaitKindsOf(hooks);
  return runEvent(step, event, hooks);
}

/** Whether no hooks run in an operation of a Release. */
export function skipsHooks({ spec }: Pick<Release, 'spec'>, operation: Operation): boolean {
  return spec.hooks === 'Skip' || (operation === 'Delete' && spec.uninstall?.hooks === 'Skip');
}

async function runEvent(step: StageInput, event: HookEvent, hooks: DesiredHook[]): Promise<StageResult> {
  let { progress } = step;
  const run = { event, hooks, name: runName(event, progress) };
  for (;;) {
    const action = actionIn({ ...step, progress }, run);
    switch (action.type) {
      case 'done':
        return { progress, isOver: true };
      case 'wait':
        return waitingStage({ ...step, progress }, run, action);
      case 'failed':
        return failedStage({ ...step, progress }, run, action);
      case 'record':
        progress = { ...progress, hooks: action.results };
        // Thousands of hooks may have ended already: let other work run between them.
        await othersHaveRun();
        break;
      case 'create':
      case 'delete':
      case 'expire':
        await write({ ...step, progress }, run, action);
    }
  }
}

/** Named after the beginning of the attempt. */
function runName(event: HookEvent, { operation }: Progress): string {
  return `${operation?.version}.${event}.${Date.parse(operation?.startedAt ?? '')}`;
}

function actionIn({ services, observed, progress }: StageInput, { hooks, name }: HookRun): HookAction {
  const pods = services.children.pods(observed.user, observed.release.metadata.namespace);
  const live = (ref: ObjectRef): KubeObject | undefined => {
    const resource = resourceOf(hooks, ref);
    return resource && services.children.live(observed.user, resource, ref.namespace, ref.name);
  };
  return nextHookAction({
    hooks: hooks.map(asHook),
    run: name,
    results: progress.hooks,
    live,
    pods,
    owner: ownerOf(observed.release),
    adoption: observed.release.spec.adopt,
  });
}

function asHook({ object, name, weight, deletePolicies }: DesiredHook): Hook {
  return { object, name, weight, deletePolicies };
}

function resourceOf(hooks: readonly DesiredHook[], { group, kind }: ObjectRef): ApiResource | undefined {
  return hooks.find(({ resource }) => resource.group === group && resource.kind === kind)?.resource;
}

/** Throws ReleaseError until the cluster serves the kinds of the hooks, which the chart's `crds/` may define. */
function awaitKindsOf(hooks: readonly DesiredHook[]): void {
  const unserved = hooks.find(({ resource }) => resource.verbs.length === 0);
  if (!unserved) return;
  const { kind, apiVersion } = unserved.object;
  throw new ReleaseError('Progressing', `waiting for the cluster to serve ${kind} in ${apiVersion}`, { retry: 'soon' });
}

/** The result of a phase whose hooks failed. If another attempt is due, the next pass makes it, at once. */
function failedStage(step: StageInput, run: HookRun, action: Extract<HookAction, { type: 'failed' }>): StageResult {
  const { observed, progress } = step;
  const { generation } = observed.release.metadata;
  const now = new Date().toISOString();
  const operation = progress.operation && withFailure(progress.operation, generation, now);
  if (!operation) return { progress, isOver: true };
  const failed = { ...progress, operation };
  const { isRemoved, message } = action;
  const retry = { generation, isRemoved, retries: hookRetries(observed.release.spec), now };
  if (isRetryDue(operation, retry)) {
    return { progress: nextAttempt(failed, run.name, now), isOver: false, retryInMs: 0 };
  }
  if (run.event === 'post-delete') return ignoredFailure({ ...step, progress: failed }, message);
  const dueInMs = retryInMs(operation, retry);
  const isCounted = dueInMs !== undefined && !isRemoved && operation.type !== 'Delete';
  const again = isCounted ? `; runs again at ${new Date(Date.parse(now) + dueInMs).toISOString()}` : '';
  const text = `${run.event}: ${message}${again}; ${HOW_TO_GO_ON}; ${howToSkip(progress)}`;
  const error = new ReleaseError('HookFailed', text, isCounted ? { retry: 'soon' } : {});
  return { progress: failed, isOver: false, failure: failureOf(error), retryInMs: dueInMs };
}

const HOW_TO_GO_ON =
  'to run it again, edit the Release, delete the hook object, or use kubectl release reconcile --rerun-hooks';

function howToSkip({ operation }: Progress): string {
  return `to go on without it, set ${operation?.type === 'Delete' ? 'spec.uninstall.hooks' : 'spec.hooks'} to Skip`;
}
const LATE = 'for longer than spec.timeout';

/** As in Helm, a post-delete hook that fails does not stop the deletion: all that it was to follow is gone already. */
function ignoredFailure({ services, observed, progress }: StageInput, why: string): StageResult {
  const message = `post-delete: ${why}; the Release is deleted anyway`;
  services.events.record({ object: observed.release, type: 'Warning', reason: 'HookFailed', message });
  services.log('warn', 'post-delete hook failed', { release: observed.key, cause: why });
  return { progress, isOver: true };
}

/**
 * The result of a phase that waits: for what, with the cause that its pods show and, if it is late, a way out. A post-delete hook that is
 * late is not waited for any longer.
 */
async function waitingStage(
  step: StageInput,
  run: HookRun,
  wait: Extract<HookAction, { type: 'wait' }>,
): Promise<StageResult> {
  const leftMs = leftMsOf(step, run, wait.ref);
  const isLate = leftMs !== undefined && leftMs <= 0;
  if (isLate && run.event === 'post-delete') return ignoredFailure(step, `${wait.health.message}, ${LATE}`);
  await watchPods(step, run, wait.ref);
  const seen = actionIn(step, run);
  const health = seen.type === 'wait' ? seen.health : wait.health;
  const waiting = isLate
    ? {
        ...health,
        message: `${health.message}, ${LATE}; to start it again, delete the hook object; ${howToSkip(step.progress)}`,
      }
    : health;
  return { progress: step.progress, isOver: false, waiting, retryInMs: isLate ? undefined : leftMs };
}

function leftMsOf({ services, observed }: StageInput, { hooks }: HookRun, ref: ObjectRef): number | undefined {
  const resource = resourceOf(hooks, ref);
  const live = resource && services.children.live(observed.user, resource, ref.namespace, ref.name);
  const since = live?.metadata.creationTimestamp;
  return since === undefined ? undefined : Date.parse(since) + durationMs(observed.release.spec.timeout) - Date.now();
}

/** Watches the pods of the hook too. Without the permission to do so, which hooks need for nothing else, less of the cause is known. */
async function watchPods(
  { services, observed, target }: StageInput,
  { hooks }: HookRun,
  { name }: ObjectRef,
): Promise<void> {
  const awaited = hooks.filter(({ object }) => object.metadata.name === name);
  const selectors = [...target.desired.objects, ...awaited].flatMap(({ object }) => podSelectorOf(object) ?? []);
  if (selectors.length === 0) return;
  try {
    await services.children.watch({ key: observed.key, user: observed.user, selectors });
  } catch (error) {
    if (!isKubeError(error, 'Forbidden')) throw error;
  }
}

type HookWrite = Extract<HookAction, { type: 'create' | 'delete' | 'expire' }>;

async function write(
  { services, observed, progress, checkpoint }: StageInput,
  { hooks }: HookRun,
  action: HookWrite,
): Promise<void> {
  const resource = resourceOf(hooks, action.ref);
  if (!resource) return;
  switch (action.type) {
    case 'create':
      // A run is named after the beginning of its attempt: were that not stored, a restart would run the hook once more.
      if (checkpoint.progress.operation?.startedAt !== progress.operation?.startedAt) await checkpoint.store(progress);
      return makeObject(services, observed, resource, action.object);
    case 'delete':
      // Deleting the object deletes the only other trace of how the hook ended.
      await checkpoint.store(progress);
      await removeObject(services, observed, resource, action);
      return;
    case 'expire':
      await checkpoint.store(progress);
      return expireJob(services, observed, resource, action);
  }
}
