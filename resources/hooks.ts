import { digestOfJson } from './json/digest.ts';
import { jobEndOf } from './health/jobs.ts';
import type { EndedRun } from './health/verdict.ts';
import { yellow } from './health/verdict.ts';
import { causeOf, hookEndOf, withoutOldLogs, type HookEnd, type HookEndInput } from './hook-ends.ts';
import { numberAt } from './json/json.ts';
import { withAnnotations } from './apply/normalize.ts';
import type { Owner } from './owner.ts';
import { objectOwnerOf } from './owner.ts';
import { isAdoptableHook, type Adoption } from './plan/adoption.ts';
import { refOf, titleOf, titleOfObject } from './reference.ts';
import type { Health, KubeObject, ObjectRef } from './types.ts';

/** When Helm deletes a hook's object. */
export type HookDeletePolicy = 'before-hook-creation' | 'hook-succeeded' | 'hook-failed';

/** One hook; `object` is as desiredOf returns it. */
export interface Hook {
  object: KubeObject;
  /** The name by which Helm orders it: empty where the manifest has none. */
  name: string;
  weight: number;
  deletePolicies: readonly string[];
  /** None if it is not one of the chart's. */
  events?: readonly string[];
  /** Equal for the items of one list: Helm creates them all before it waits for any. */
  list?: number | undefined;
}

/** What became of a hook. */
export interface HookResult {
  run: string;
  kind: string;
  name: string;
  phase: 'Running' | 'Succeeded' | 'Failed';
  message?: string;
  /** The last lines of its log, where its output log policy asks for them. */
  log?: string;
}

/** What the next step is decided from. */
export interface HookInput extends HookEndInput {
  /** The hooks of one event. */
  hooks: readonly Hook[];
  /** Names this run of them. No two runs share a name, or the second would find its hooks done. */
  run: string;
  /** What is recorded so far. */
  results: readonly HookResult[];
  live: (ref: ObjectRef) => KubeObject | undefined;
  owner: Owner;
  /** Which objects that are not the owner's may be deleted as if they were of an earlier run; none by default. */
  adoption?: Adoption | undefined;
}

/**
 * What to do next: at most one write, after which the next action is decided anew. `record`: these are the results from now on. `expire`:
 * the end of the Job is recorded, so it may now have the time to live that its chart gives it. `failed` and `done` end the run;
 * `log` is what is to be read before a hook that ended is recorded; `isRemoved` is true where somebody deleted what failed or was in the way, as one does to have it run again.
 */
export type HookAction =
  | { type: 'record'; results: HookResult[] }
  | { type: 'delete'; ref: ObjectRef; uid?: string }
  | { type: 'create'; ref: ObjectRef; object: KubeObject }
  | { type: 'expire'; ref: ObjectRef; uid: string | undefined; ttlSecondsAfterFinished: number }
  | { type: 'wait'; ref: ObjectRef; health: Health; log?: EndedRun }
  | { type: 'failed'; message: string; isRemoved: boolean }
  | { type: 'done' };

/** The hooks in the order in which Helm runs them: by weight, then by name. */
export function inHookOrder<T extends Pick<Hook, 'weight' | 'name'>>(hooks: readonly T[]): T[] {
  return hooks.toSorted((a, b) => a.weight - b.weight || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Whether an object was created for a hook: the hook's delete policies say how long it lives, and it is not a child. */
export function isHookObject({ metadata }: KubeObject, { ownership }: Owner): boolean {
  return metadata.annotations?.[ownership.hookRunAnnotation] !== undefined;
}

/** A hook with the name of its own part of the run, and what became of it there. */
interface NamedHook extends Hook {
  run: string;
  /** As `Kind/name`. */
  title: string;
  result: HookResult | undefined;
}

/**
 * The next action of running `hooks` one after the other, as Helm does (pkg/action/hooks.go). before-hook-creation is the default policy.
 * Jobs and Pods are awaited to their end, those of one list together; objects of other kinds count as done once created. Deletions by
 * hook-succeeded come when all have succeeded, last one first. An object that exists with this run's annotation is not created again, so
 * a restart repeats nothing.
 */
export function nextHookAction(input: HookInput): HookAction {
  const hooks = namedIn(input, inHookOrder(input.hooks));
  for (const [index, hook] of hooks.entries()) {
    const action = actionOf(hook, index, hooks, input);
    if (action?.type === 'wait') return actionBeside(hook, index, hooks, input) ?? action;
    if (action) return action;
  }
  return deletionBy('hook-succeeded', hooks.toReversed(), input) ?? { type: 'done' };
}

/** What to do next for the hook at `index`; undefined where nothing is left to do. */
function actionOf(
  hook: NamedHook,
  index: number,
  hooks: readonly NamedHook[],
  input: HookInput,
): HookAction | undefined {
  const { result } = hook;
  const expiry = result && expiryOf(hook, result, input);
  if (expiry) return expiry;
  if (result?.phase === 'Failed') return actionAfterFailure(hook, hooks.slice(0, index), result, input);
  return result?.phase === 'Succeeded' ? undefined : actionFor(hook, result, input);
}

/** What to do for the later items of a list while an earlier one is awaited. */
function actionBeside(
  awaited: NamedHook,
  index: number,
  hooks: readonly NamedHook[],
  input: HookInput,
): HookAction | undefined {
  if (awaited.list === undefined || awaited.result === undefined) return undefined;
  for (const [at, hook] of hooks.entries()) {
    if (at <= index || hook.list !== awaited.list) continue;
    const action = actionOf(hook, at, hooks, input);
    if (action && action.type !== 'wait') return action;
  }
  return undefined;
}

/** Several hooks may share a name: each but the first has a run of its own. */
function namedIn({ run: ofAll, results }: HookInput, hooks: readonly Hook[]): NamedHook[] {
  const counts = new Map<string, number>();
  const known = new Map(results.map((result) => [`${result.run} ${titleOf(result)}`, result]));
  return hooks.map((hook) => {
    const title = titleOfObject(hook.object);
    const count = (counts.get(title) ?? 0) + 1;
    counts.set(title, count);
    const run = count === 1 ? ofAll : `${ofAll}.${count}`;
    return { ...hook, title, run, result: known.get(`${run} ${title}`) };
  });
}

const SUFFIX_LENGTH = 5;
const MAX_GENERATED_LENGTH = 63;

/**
 * The object with a name where it has a generateName instead. The server would end it at random; here its end follows from `seed`, so
 * that the object is found again after a restart.
 */
export function withGeneratedName(object: KubeObject, seed: string): KubeObject {
  const { name, generateName, ...metadata } = object.metadata;
  if (name || !generateName) return object;
  const suffix = digestOfJson(seed).replace('sha256:', '').slice(0, SUFFIX_LENGTH);
  const beginning = generateName.slice(0, MAX_GENERATED_LENGTH - SUFFIX_LENGTH);
  return { ...object, metadata: { ...metadata, name: `${beginning}${suffix}` } };
}

function actionFor(hook: NamedHook, recorded: HookResult | undefined, input: HookInput): HookAction {
  const ref = refOf(hook.object);
  const live = input.live(ref);
  if (live === undefined) return recorded ? vanished(hook, input) : creation(hook, input);
  if (!isOfRun(hook, live, input)) return actionAgainstLeftover(hook, live, input);
  const end = isAwaited(hook) ? jobEndOf(live) : 'Succeeded';
  if (end !== undefined) return endedAs(hook, live, end, input);
  if (recorded === undefined) return record(hook, 'Running', {}, input);
  return waitFor(ref, causeOf(live, input));
}

function endedAs(hook: NamedHook, live: KubeObject, end: 'Succeeded' | 'Failed', input: HookInput): HookAction {
  if (!isAwaited(hook)) return record(hook, end, {}, input);
  const { awaited, ...told } = hookEndOf(hook.object, live, end, input);
  if (!awaited) return record(hook, end, told, input);
  const ref = refOf(live);
  const health = yellow(`${titleOf(ref)}: has ended; its log is being read`);
  return { type: 'wait', ref, health, log: awaited };
}

/** An object of an earlier run, or of somebody else, is in the way. */
function actionAgainstLeftover(hook: NamedHook, live: KubeObject, input: HookInput): HookAction {
  if (live.metadata.deletionTimestamp) return waitForDeletion(live);
  if (objectOwnerOf(live, input.owner).type !== 'self' && !isAdoptableHook(live, input.owner, input.adoption)) {
    const message = 'it already exists and was not created by this Release: delete or rename one of them';
    return record(hook, 'Failed', { message }, input);
  }
  if (isDeletable(hook, 'before-hook-creation')) return deletion(live);
  const message = 'it exists from an earlier run, and its hook-delete-policy has no before-hook-creation: delete it';
  return record(hook, 'Failed', { message }, input);
}

/** As in Helm, the failed hook is deleted by hook-failed, those before it by hook-succeeded. */
function actionAfterFailure(
  hook: NamedHook,
  before: readonly NamedHook[],
  result: HookResult,
  input: HookInput,
): HookAction {
  const ref = refOf(hook.object);
  // Pods are deleted by nodes and controllers too, and a Job with a time to live when that is over.
  const isMortal = hook.object.kind === 'Pod' || timeToLiveOf(hook.object) !== undefined;
  const isRemoved = !isMortal && !isDeletable(hook, 'hook-failed') && input.live(ref) === undefined;
  const message = `hook ${titleOf(ref)}: ${result.message ?? 'failed'}`;
  return (
    deletionBy('hook-failed', [hook], input) ??
    deletionBy('hook-succeeded', before, input) ?? { type: 'failed', message, isRemoved }
  );
}

function deletionBy(policy: HookDeletePolicy, hooks: readonly NamedHook[], input: HookInput): HookAction | undefined {
  for (const hook of hooks.filter((candidate) => isDeletable(candidate, policy))) {
    const live = input.live(refOf(hook.object));
    if (live === undefined || !isOfRun(hook, live, input)) continue;
    return live.metadata.deletionTimestamp ? waitForDeletion(live) : deletion(live);
  }
  return undefined;
}

/** Helm never deletes a CustomResourceDefinition: all objects of its kind would go with it. */
function isDeletable({ object, deletePolicies }: Hook, policy: HookDeletePolicy): boolean {
  if (object.kind === 'CustomResourceDefinition') return false;
  return deletePolicies.length === 0 ? policy === 'before-hook-creation' : deletePolicies.includes(policy);
}

function deletion(live: KubeObject): HookAction {
  const { uid } = live.metadata;
  return { type: 'delete', ref: refOf(live), ...(uid === undefined ? {} : { uid }) };
}

function waitFor(ref: ObjectRef, { health, message }: Health): HookAction {
  return { type: 'wait', ref, health: { health, message: `${titleOf(ref)}: ${message}` } };
}

function waitForDeletion(live: KubeObject): HookAction {
  const { finalizers = [] } = live.metadata;
  const holders = finalizers.length > 0 ? `, held by the finalizers ${finalizers.join(', ')}` : '';
  return waitFor(refOf(live), yellow(`is being deleted${holders}`));
}

/** A Job of a chart is created without its time to live: one deleted the moment it ends would look as if it had never ended. */
function creation({ object, run, events }: NamedHook, { owner: { ownership } }: HookInput): HookAction {
  const made = events?.length === 0 ? object : withoutTimeToLive(object);
  const marked = withAnnotations(made, { [ownership.hookRunAnnotation]: run }, ownership.appliedAnnotation);
  return { type: 'create', ref: refOf(object), object: marked };
}

function withoutTimeToLive(object: KubeObject): KubeObject {
  if (!isJob(object) || timeToLiveOf(object) === undefined) return object;
  const { ttlSecondsAfterFinished: _, ...spec } = object['spec'] as Record<string, unknown>;
  return { ...object, spec };
}

function expiryOf(hook: NamedHook, { phase }: HookResult, input: HookInput): HookAction | undefined {
  const ttlSecondsAfterFinished = isJob(hook.object) ? timeToLiveOf(hook.object) : undefined;
  if (ttlSecondsAfterFinished === undefined || phase === 'Running') return undefined;
  const ref = refOf(hook.object);
  const live = input.live(ref);
  if (!live || !isOfRun(hook, live, input) || live.metadata.deletionTimestamp) return undefined;
  if (timeToLiveOf(live) !== undefined) return undefined;
  return { type: 'expire', ref, uid: live.metadata.uid, ttlSecondsAfterFinished };
}

function timeToLiveOf(job: KubeObject): number | undefined {
  return numberAt(job, 'spec', 'ttlSecondsAfterFinished');
}

/** It was seen running, so creating it again unasked could do its work twice. */
function vanished(hook: NamedHook, input: HookInput): HookAction {
  return record(hook, 'Failed', { message: 'it was deleted before it was seen to end' }, input);
}

function record(
  hook: NamedHook,
  phase: HookResult['phase'],
  told: Pick<HookEnd, 'message' | 'log'>,
  input: HookInput,
): HookAction {
  const { kind, name } = refOf(hook.object);
  const others = input.results.filter((other) => !isResultOf(other, hook));
  const kept = told.log === undefined ? others : withoutOldLogs(others);
  return { type: 'record', results: [...kept, { run: hook.run, kind, name, phase, ...told }] };
}

function isResultOf(result: HookResult, { title, run }: NamedHook): boolean {
  return result.run === run && titleOf(result) === title;
}

function isOfRun({ run }: NamedHook, live: KubeObject, { owner }: HookInput): boolean {
  return live.metadata.annotations?.[owner.ownership.hookRunAnnotation] === run;
}

function isAwaited({ object }: Hook): boolean {
  return isJob(object) || (object.kind === 'Pod' && object.apiVersion === 'v1');
}

function isJob({ kind, apiVersion }: KubeObject): boolean {
  return kind === 'Job' && apiVersion.startsWith('batch/');
}
