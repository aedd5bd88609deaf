import { isKubeError, type ApiResource } from '../../../kube/index.ts';
import {
  hookEventSubjectsOf,
  nextHookAction,
  podSelectorOf,
  type HookAction,
  type HookLogs,
  type HookResult,
  type KubeObject,
  type ObjectRef,
} from '../../../resources/index.ts';
import { othersHaveRun } from '../../../turns/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { ownerOf } from '../../pass/ownership.ts';
import type { DesiredHook } from '../../plan/desired.ts';
import type { Progress, Waiting } from '../../status/progress.ts';
import { expireJob, makeObject, removeObject } from '../objects/object-writes.ts';
import type { StageInput } from '../stage.ts';

/** Hooks that run one after the other, and the place where their results are kept. */
export interface HookRun {
  hooks: readonly DesiredHook[];
  /** Never the same for two attempts. */
  name: string;
  resultsIn: (progress: Progress) => readonly HookResult[];
  withResults: (progress: Progress, results: HookResult[]) => Progress;
  /** Whether a stored progress has the run: were it not stored, a restart would run the hooks once more. */
  isStored: (stored: Progress, progress: Progress) => boolean;
  store: (step: StageInput) => Promise<void>;
}

/** How far hooks have come: all have run, one is waited for, or one has failed. */
export type HookRunState = Extract<HookAction, { type: 'done' | 'wait' | 'failed' }>;

/** Runs hooks as far as they go without waiting. Throws KubeError, ReleaseError Progressing. */
export async function advance(step: StageInput, run: HookRun): Promise<{ progress: Progress; state: HookRunState }> {
  let { progress } = step;
  for (;;) {
    const action = actionIn({ ...step, progress }, run);
    switch (action.type) {
      case 'done':
      case 'wait':
      case 'failed':
        return { progress, state: action };
      case 'record':
        progress = run.withResults(progress, action.results);
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

/** What to do next. */
function actionIn({ services, observed, progress }: StageInput, run: HookRun): HookAction {
  return nextHookAction({
    hooks: run.hooks,
    run: run.name,
    results: run.resultsIn(progress),
    live: (ref) => liveOf({ services, observed }, run, ref),
    pods: services.children.pods(observed.user, observed.release.metadata.namespace),
    logs: logsOf(services, observed),
    eventsAbout: services.objectEvents.about(observed.key),
    owner: ownerOf(observed.release),
    adoption: observed.release.spec.adopt,
  });
}

function logsOf({ podLogs }: Pick<StageInput['services'], 'podLogs'>, { key }: StageInput['observed']): HookLogs {
  return {
    lastLineOf: podLogs.lastLineOf(key),
    linesOf: (run) => podLogs.lastLinesOf(key, run),
    isAwaited: (run) => podLogs.isAwaited(key, run),
    now: Date.now(),
  };
}

const LOG_RETRY_MS = 1_000;

/** Begins to read the log that a hook waits for; returns in how many milliseconds to look for it, undefined if none is awaited. */
export function readLog(
  { services, observed: { key, user } }: Pick<StageInput, 'services' | 'observed'>,
  { log }: Extract<HookRunState, { type: 'wait' }>,
): number | undefined {
  if (!log) return undefined;
  services.podLogs.read(key, user, [log]);
  return LOG_RETRY_MS;
}

/** The live object of a hook. */
export function liveOf(
  { services, observed }: Pick<StageInput, 'services' | 'observed'>,
  { hooks }: Pick<HookRun, 'hooks'>,
  ref: ObjectRef,
): KubeObject | undefined {
  const resource = resourceOf(hooks, ref);
  return resource && services.children.live(observed.user, resource, ref.namespace, ref.name);
}

function resourceOf(hooks: readonly DesiredHook[], { group, kind }: ObjectRef): ApiResource | undefined {
  return hooks.find(({ resource }) => resource.group === group && resource.kind === kind)?.resource;
}

/** Throws ReleaseError until the cluster serves the kinds of the hooks, which the chart's `crds/` may define. */
export function awaitKindsOf(hooks: readonly DesiredHook[]): void {
  const unserved = hooks.find(({ resource }) => resource.verbs.length === 0);
  if (!unserved) return;
  const { kind, apiVersion } = unserved.object;
  throw new ReleaseError('Progressing', `waiting for the cluster to serve ${kind} in ${apiVersion}`, { retry: 'soon' });
}

/** What is waited for, with the cause that its pods and its Events show. */
export async function waitingFor(
  step: StageInput,
  run: HookRun,
  { ref, health }: Extract<HookRunState, { type: 'wait' }>,
): Promise<Waiting> {
  await watchPods(step, run, ref);
  const { services, observed } = step;
  const seen = actionIn(step, run);
  const live = liveOf(step, run, ref);
  const pods = services.children.pods(observed.user, observed.release.metadata.namespace);
  return {
    ...(seen.type === 'wait' ? seen.health : health),
    eventSubjects: live ? hookEventSubjectsOf(live, pods) : [],
  };
}

/** Watches the pods of the hook too. Without the permission to do so, which hooks need for nothing else, less is known about the cause. */
async function watchPods(
  { services, observed, target }: StageInput,
  { hooks }: Pick<HookRun, 'hooks'>,
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

async function write(step: StageInput, run: HookRun, action: HookWrite): Promise<void> {
  const { services, observed, progress, checkpoint } = step;
  const resource = resourceOf(run.hooks, action.ref);
  if (!resource) return;
  switch (action.type) {
    case 'create':
      if (!run.isStored(checkpoint.progress, progress)) await run.store(step);
      return makeObject(services, observed, resource, action.object);
    case 'delete':
      // Deleting the object deletes the only other trace of how the hook ended.
      await run.store(step);
      await removeObject(services, observed, resource, action);
      return;
    case 'expire':
      await run.store(step);
      return expireJob(services, observed, resource, action);
  }
}
