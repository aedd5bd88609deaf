import { endOf, jobHealth } from './health/jobs.ts';
import { podHealth } from './health/pods.ts';
import { withAnnotations } from './normalize.ts';
import type { Owner } from './owner.ts';
import { holderOf } from './owner.ts';
import { refOf, titleOf } from './reference.ts';
import type { KubeObject, ObjectRef } from './types.ts';

/** When Helm deletes a hook's object. */
export type HookDeletePolicy = 'before-hook-creation' | 'hook-succeeded' | 'hook-failed';

/** One hook; `object` is as desiredOf returns it. */
export interface Hook {
  object: KubeObject;
  weight: number;
  deletePolicies: readonly string[];
}

/** What became of a hook. */
export interface HookResult {
  run: string;
  kind: string;
  name: string;
  phase: 'Running' | 'Succeeded' | 'Failed';
  message?: string;
}

/** What the next step is decided from. */
export interface HookInput {
  /** The hooks of one event. */
  hooks: readonly Hook[];
  /** Names this running of them; never the same for two, else the second would find its hooks done. */
  run: string;
  /** What is recorded so far. */
  results: readonly HookResult[];
  live: (ref: ObjectRef) => KubeObject | undefined;
  pods: readonly KubeObject[];
  owner: Owner;
}

/**
 * One step; each is at most one write, after which the next step is decided anew. `record`: write these results before anything else
 * happens. `failed` and `done` end the run.
 */
export type HookStep =
  | { type: 'record'; results: HookResult[] }
  | { type: 'delete'; ref: ObjectRef; uid?: string }
  | { type: 'create'; ref: ObjectRef; object: KubeObject }
  | { type: 'wait'; ref: ObjectRef; message: string }
  | { type: 'failed'; message: string }
  | { type: 'done' };

/** The hooks in the order in which Helm runs them: by weight, then by name. */
export function inHookOrder<T extends Hook>(hooks: readonly T[]): T[] {
  return hooks.toSorted((a, b) => a.weight - b.weight || (a.object.metadata.name < b.object.metadata.name ? -1 : 1));
}

/**
 * The next step of running `hooks` one after the other as Helm does (pkg/action/hooks.go): before-hook-creation is the default policy,
 * Jobs and Pods are awaited to their end, objects of other kinds count when created, hook-succeeded deletions come when all have
 * succeeded, last one first. A hook that is there with this run's annotation is not created again, so a restart repeats nothing.
 */
export function nextHookStep(input: HookInput): HookStep {
  const hooks = inHookOrder(input.hooks);
  for (const [index, hook] of hooks.entries()) {
    const result = resultOf(hook, input);
    if (result?.phase === 'Failed') return stepAfterFailure(hook, hooks.slice(0, index), result, input);
    if (result?.phase !== 'Succeeded') return stepOfHook(hook, result, input);
  }
  return deletionBy('hook-succeeded', hooks.toReversed(), input) ?? { type: 'done' };
}

function stepOfHook(hook: Hook, recorded: HookResult | undefined, input: HookInput): HookStep {
  const ref = refOf(hook.object);
  const live = input.live(ref);
  if (live === undefined) return recorded ? vanished(hook, input) : creation(hook, input);
  if (!isOfRun(live, input)) return stepAgainstLeftover(hook, live, input);
  const end = isAwaited(hook) ? endOf(live) : 'Succeeded';
  if (end !== undefined) return record(hook, end, end === 'Failed' ? causeOf(live, input) : undefined, input);
  if (recorded === undefined) return record(hook, 'Running', undefined, input);
  return { type: 'wait', ref, message: `${titleOf(ref)}: ${causeOf(live, input)}` };
}

/** An object of an earlier run, or of somebody else, is in the way. */
function stepAgainstLeftover(hook: Hook, live: KubeObject, input: HookInput): HookStep {
  const ref = refOf(hook.object);
  if (live.metadata.deletionTimestamp) return { type: 'wait', ref, message: `${titleOf(ref)} is being deleted` };
  if (holderOf(live, input.owner).type !== 'self') {
    return record(
      hook,
      'Failed',
      'it exists already and was not made by this Release: delete or rename one of them',
      input,
    );
  }
  if (isDeletable(hook, 'before-hook-creation')) return deletion(live);
  const message = 'it exists from an earlier run, and its hook-delete-policy has no before-hook-creation';
  return record(hook, 'Failed', message, input);
}

/** Helm: the failed hook goes by hook-failed, those before it by hook-succeeded. */
function stepAfterFailure(hook: Hook, before: readonly Hook[], result: HookResult, input: HookInput): HookStep {
  return (
    deletionBy('hook-failed', [hook], input) ??
    deletionBy('hook-succeeded', before, input) ?? {
      type: 'failed',
      message: `hook ${titleOf(result)}: ${result.message ?? 'failed'}`,
    }
  );
}

function deletionBy(policy: HookDeletePolicy, hooks: readonly Hook[], input: HookInput): HookStep | undefined {
  for (const hook of hooks.filter((candidate) => isDeletable(candidate, policy))) {
    const ref = refOf(hook.object);
    const live = input.live(ref);
    if (live === undefined || !isOfRun(live, input)) continue;
    if (!live.metadata.deletionTimestamp) return deletion(live);
    return { type: 'wait', ref, message: `${titleOf(ref)} is being deleted` };
  }
  return undefined;
}

/** Helm never deletes a CustomResourceDefinition: all objects of its kind would go with it. */
function isDeletable({ object, deletePolicies }: Hook, policy: HookDeletePolicy): boolean {
  if (object.kind === 'CustomResourceDefinition') return false;
  return deletePolicies.length === 0 ? policy === 'before-hook-creation' : deletePolicies.includes(policy);
}

function deletion(live: KubeObject): HookStep {
  const { uid } = live.metadata;
  return { type: 'delete', ref: refOf(live), ...(uid === undefined ? {} : { uid }) };
}

function creation({ object }: Hook, { run, owner: { marks } }: HookInput): HookStep {
  const marked = withAnnotations(object, { [marks.hookRunAnnotation]: run }, marks.appliedAnnotation);
  return { type: 'create', ref: refOf(object), object: marked };
}

/** It was seen running, so creating it again could do its work twice. */
function vanished(hook: Hook, input: HookInput): HookStep {
  return record(hook, 'Failed', 'it was deleted before its end was seen', input);
}

function record(hook: Hook, phase: HookResult['phase'], message: string | undefined, input: HookInput): HookStep {
  const { kind, name } = refOf(hook.object);
  const result = { run: input.run, kind, name, phase, ...(message === undefined ? {} : { message }) };
  const others = input.results.filter((other) => other.run !== input.run || other.kind !== kind || other.name !== name);
  return { type: 'record', results: [...others, result] };
}

function resultOf({ object }: Hook, { results, run }: HookInput): HookResult | undefined {
  return results.find((result) => result.run === run && titleOf(result) === titleOf(refOf(object)));
}

function isOfRun(live: KubeObject, { run, owner }: HookInput): boolean {
  return live.metadata.annotations?.[owner.marks.hookRunAnnotation] === run;
}

function isAwaited({ object }: Hook): boolean {
  return (
    (object.kind === 'Job' && object.apiVersion.startsWith('batch/')) ||
    (object.kind === 'Pod' && object.apiVersion === 'v1')
  );
}

function causeOf(live: KubeObject, { pods }: HookInput): string {
  const { message } = live.kind === 'Pod' ? podHealth(live) : jobHealth(live, { pods });
  return message ?? 'is running';
}
