import { isAdoptable, takenOver, type Adoption, type TakeOver } from './adoption.ts';
import type { Contest } from './contest.ts';
import { mapAt, pointerTo, withoutPointers } from '../json/json.ts';
import type { Refusal } from './guard.ts';
import { ignoredOfOthers, type IgnoredFields } from './ignored-fields.ts';
import { isHookObject } from '../hooks.ts';
import { isLeftToOthers } from './left-to-others.ts';
import { inInstallOrder, inUninstallOrder } from './order.ts';
import { otherManagersOf } from '../fields/other-managers.ts';
import type { ObjectOwner, Owner } from '../owner.ts';
import { isKept, objectOwnerOf, wereLabelsRemoved } from '../owner.ts';
import { keyOf, keyOfObject, refOf, titleOf } from '../reference.ts';
import { outOfSync, type Compare } from './sync.ts';
import type { KubeObject, ObjectRef } from '../types.ts';

/** What is planned from. `live` knows every object of the kinds concerned: what it does not find does not exist. */
export interface PlanInput {
  /** As desiredOf returns them; none to uninstall. */
  desired: readonly KubeObject[];
  /** What the Release owned, or was about to own, before. */
  inventory: readonly ObjectRef[];
  live: (ref: ObjectRef) => KubeObject | undefined;
  owner: Owner;
  /** Which objects that are not the owner's it may take over; none by default. */
  adoption?: Adoption | undefined;
  /** Paths of an object that stayed out of sync after it was applied. */
  unownable?: (live: KubeObject) => readonly string[];
  /** How objects are compared; by default with outOfSync each time. */
  compare?: Compare;
  /** Whether it is known that a live object is in sync with the desired one, so that they need not be compared. */
  isInSync?: (desired: KubeObject, live: KubeObject) => boolean;
  /** Whether somebody else has applied an object under the owner's field manager. */
  isAppliedByOthers?: (live: KubeObject) => boolean;
  /** Whether the work that an object stands for is done, so that it need not be there. */
  isFinished?: (object: KubeObject) => boolean;
  /** Whether a field, or with an empty path the object itself, was corrected too often to be corrected now. */
  isPaused?: (object: KubeObject, path: string) => boolean;
  /** The fields of an object that are left to others because somebody has said so; undefined where there are none. */
  ignored?: (object: KubeObject) => IgnoredFields | undefined;
}

/**
 * One write. `changes` are the JSON pointers that make an update necessary; `whole` is the object with what an update does not send, if
 * there is such; `adopts` is there for what is not the owner's yet, with what has to be written before; `uid` identifies the object that a
 * delete means.
 */
export type PlannedWrite =
  | { type: 'create'; ref: ObjectRef; object: KubeObject }
  | {
      type: 'update';
      ref: ObjectRef;
      object: KubeObject;
      changes: string[];
      whole?: KubeObject;
      adopts?: { takeOver?: TakeOver };
    }
  | { type: 'delete'; ref: ObjectRef; uid?: string };

/** What is to be done. Nothing may be done while there are refusals; what is `waiting` is still being deleted. */
export interface Plan {
  writes: PlannedWrite[];
  waiting: ObjectRef[];
  contests: Contest[];
  refusals: Refusal[];
}

/**
 * The writes that bring the cluster to `desired`: creates and updates in Helm's install order, then, in its uninstall order, deletes of
 * what only the inventory has. Never touches an object that is neither the owner's nor one that it may take over. A generator: it yields after each object, and within
 * those that may be large, so that its caller can let others run.
 */
export function* planFor(input: PlanInput): Generator<undefined, Plan> {
  const surplusRefs = surplusOf(input);
  const indexed: IndexedPlanInput = {
    ...input,
    known: once(() => new Set(input.inventory.map(keyOf))),
    unscaled: scaledBy(surplusRefs, input),
  };
  const plans: ObjectPlan[] = [];
  for (const object of inInstallOrder(input.desired)) {
    if (!isAsDesired(object, indexed)) plans.push(yield* planObject(object, indexed));
    yield;
  }
  for (const ref of inUninstallOrder(surplusRefs)) plans.push(planDeletion(ref, input));
  return {
    writes: plans.flatMap(({ write }) => write ?? []),
    waiting: plans.flatMap(({ waiting }) => waiting ?? []),
    contests: plans.flatMap(({ contest }) => contest ?? []),
    refusals: plans.flatMap(({ refusal }) => refusal ?? []),
  };
}

/** What has to be done for one object; nothing if all is well. */
interface ObjectPlan {
  write?: PlannedWrite;
  waiting?: ObjectRef;
  contest?: Contest;
  refusal?: Refusal;
}

/** The input, with what is looked up in it for every object. */
interface IndexedPlanInput extends PlanInput {
  /** Keys of the inventory. */
  known: () => ReadonlySet<string>;
  /** `Kind/name` of objects that lose their autoscaler: the number of replicas is then the chart's again. */
  unscaled: ReadonlySet<string>;
}

/** Whether it is known at once that nothing has to be done for an object. */
function isAsDesired(
  object: KubeObject,
  { live: find, owner, isInSync, isAppliedByOthers }: IndexedPlanInput,
): boolean {
  const live = find(refOf(object));
  if (live === undefined || isInSync?.(object, live) !== true || live.metadata.deletionTimestamp) return false;
  return objectOwnerOf(live, owner).type === 'self' && isAppliedByOthers?.(live) !== true;
}

function* planObject(object: KubeObject, input: IndexedPlanInput): Generator<undefined, ObjectPlan> {
  const ref = refOf(object);
  const live = input.live(ref);
  if (live === undefined) return planCreation(ref, object, input);
  const objectOwner = objectOwnerOf(live, input.owner);
  const isOwn = objectOwner.type === 'self' || isRepairable(ref, live, input);
  if (!isOwn && !isAdoptable(live, input.owner, input.adoption)) return { refusal: alreadyExists(ref, objectOwner) };
  if (live.metadata.deletionTimestamp) return { waiting: ref };
  return isOwn ? yield* planDrift(ref, object, live, input) : yield* planAdoption(ref, object, live, input);
}

function planCreation(ref: ObjectRef, object: KubeObject, { isFinished, isPaused }: IndexedPlanInput): ObjectPlan {
  if (isFinished?.(object)) return {};
  if (isPaused?.(object, '')) return { contest: { ref, paths: [], managers: [], isOwned: isOwned(object) } };
  return { write: { type: 'create', ref, object } };
}

/** As drift of an object whose fields are the owner's already, so that those that only Helm wanted go. */
function* planAdoption(
  ref: ObjectRef,
  desired: KubeObject,
  live: KubeObject,
  input: IndexedPlanInput,
): Generator<undefined, ObjectPlan> {
  const { object, takeOver } = takenOver(live, desired, input.owner);
  const { write, ...plan } = yield* planDrift(ref, desired, object, input);
  if (write?.type !== 'update') return plan;
  return { ...plan, write: { ...write, adopts: takeOver === undefined ? {} : { takeOver } } };
}

/** What another apply under our field manager wrote is ours by name: nothing shows which of the fields have other values. */
const APPLIED_BY = pointerTo(['metadata', 'managedFields']);

/** Fields that are somebody else's, by design or for the moment, are not sent either: an apply would take them. */
function* planDrift(
  ref: ObjectRef,
  desired: KubeObject,
  live: KubeObject,
  input: IndexedPlanInput,
): Generator<undefined, ObjectPlan> {
  const { owner, isPaused, unscaled } = input;
  const lost = yield* lostIn(desired, live, input);
  if (lost.length === 0) return {};
  yield;
  const others = otherManagersOf(desired, live, owner.ownership.fieldManager);
  const isNewState = lost[0] === pointerTo(['metadata', 'annotations', owner.ownership.appliedAnnotation]);
  const losesItsScaler = unscaled.has(titleOf(ref));
  const ignored = input.ignored?.(desired);
  const isLeft = (pointer: string): boolean =>
    ignored?.covers(pointer) === true || isLeftToOthers({ pointer, desired, live, others, isNewState, losesItsScaler });
  const left = lost.filter(isLeft);
  const paused = isPaused ? lost.filter((pointer) => isPaused(desired, pointer) && !isLeft(pointer)) : [];
  const managersOf = (pointer: string): string[] =>
    pointer === APPLIED_BY ? [owner.ownership.fieldManager] : others.namesFor(pointer);
  const unsent = new Set([...left, ...paused]);
  const changes = lost.filter((pointer) => !unsent.has(pointer));
  yield;
  const [first] = paused;
  const managers = first === undefined ? [] : managersOf(first);
  const contest = { ref, paths: paused, managers, isOwned: false };
  const shared = ignored && changes.length > 0 ? yield* ignoredOfOthers(desired, live, ignored, owner.ownership) : [];
  const object = withoutPointers(desired, [...unsent, ...shared]);
  const whole = unsent.size + shared.length === 0 ? {} : { whole: desired };
  return {
    ...(changes.length === 0 ? {} : { write: { type: 'update' as const, ref, object, changes, ...whole } }),
    ...(paused.length === 0 ? {} : { contest }),
  };
}

function* lostIn(desired: KubeObject, live: KubeObject, input: IndexedPlanInput): Generator<undefined, string[]> {
  const { owner, unownable, isAppliedByOthers, compare = outOfSync } = input;
  // Both read who owns the fields, which may be packed.
  const isByOthers = isAppliedByOthers?.(live) === true;
  yield;
  const lost = yield* compare(desired, live, owner.ownership, unownable?.(live) ?? []);
  return isByOthers ? [...lost, APPLIED_BY] : lost;
}

function isOwned({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).length > 0;
}

function planDeletion(ref: ObjectRef, { live: find, owner }: PlanInput): ObjectPlan {
  const live = find(ref);
  if (live === undefined || objectOwnerOf(live, owner).type !== 'self' || isKept(live)) return {};
  // It was a child, and is the object of a hook by now.
  if (isHookObject(live, owner)) return {};
  if (live.metadata.deletionTimestamp) return { waiting: ref };
  const { uid } = live.metadata;
  return { write: { type: 'delete', ref, ...(uid === undefined ? {} : { uid }) } };
}

const NONE: readonly ObjectRef[] = [];

function surplusOf({ desired, inventory }: PlanInput): readonly ObjectRef[] {
  // In most passes both are the same.
  if (desired.length === inventory.length && desired.every((object, index) => refOf(object) === inventory[index]))
    return NONE;
  const kept = new Set(desired.map((object) => keyOfObject(object)));
  return inventory.filter((ref) => !kept.has(keyOf(ref)));
}

function isRepairable(ref: ObjectRef, live: KubeObject, { known, owner }: IndexedPlanInput): boolean {
  return wereLabelsRemoved(live, owner) && known().has(keyOf(ref));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * The targets, as `Kind/name`, of the scalers among `refs`, be they HorizontalPodAutoscalers or others that name a target in the same
 * way.
 */
function scaledBy(refs: readonly ObjectRef[], { live }: PlanInput): ReadonlySet<string> {
  const targets = refs.map((scaler) => mapAt(live(scaler), 'spec', 'scaleTargetRef'));
  // KEDA's leave out the kind of a Deployment.
  return new Set(targets.map(({ kind = 'Deployment', name }) => titleOf({ kind: String(kind), name: String(name) })));
}

function alreadyExists(ref: ObjectRef, objectOwner: ObjectOwner): Refusal {
  const where = ref.namespace === undefined ? 'in the cluster' : `in namespace ${ref.namespace}`;
  return {
    ref,
    code: 'AlreadyExists',
    message: `${titleOf(ref)} already exists ${where} and ${whose(objectOwner)}: ${adviceOn(objectOwner)}, or rename the one in this chart`,
  };
}

/** What a Release left behind with `--cascade=orphan` is still its own. */
function adviceOn({ type }: ObjectOwner): string {
  return type === 'release'
    ? 'remove it from that Release (if that Release was deleted, create one with the same name first)'
    : 'delete it, let this Release take it over by spec.adopt';
}

function whose(objectOwner: ObjectOwner): string {
  switch (objectOwner.type) {
    case 'release':
      return `belongs to the Release ${objectOwner.name}`;
    case 'helm':
      return `belongs to the Helm release ${objectOwner.name}`;
    case 'nobody':
    case 'self':
      return 'was not created by this Release';
  }
}
