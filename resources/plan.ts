import type { Contest } from './contest.ts';
import { mapAt, pointerTo, withoutPointers } from './json.ts';
import type { Refusal } from './guard.ts';
import { isHookObject } from './hooks.ts';
import { isLeftToOthers } from './left-to-others.ts';
import { inInstallOrder, inUninstallOrder } from './order.ts';
import { otherManagersOf } from './other-managers.ts';
import type { ObjectOwner, Owner } from './owner.ts';
import { objectOwnerOf, wereLabelsRemoved } from './owner.ts';
import { keyOf, refOf, titleOf } from './reference.ts';
import { outOfSync, type Compare } from './sync.ts';
import type { KubeObject, ObjectRef } from './types.ts';

/** What is planned from. `live` knows every object of the kinds concerned: what it does not find does not exist. */
export interface PlanInput {
  /** As desiredOf returns them; none to uninstall. */
  desired: readonly KubeObject[];
  /** What the Release owned, or was about to own, before. */
  inventory: readonly ObjectRef[];
  live: (ref: ObjectRef) => KubeObject | undefined;
  owner: Owner;
  /** Paths of an object that stayed out of sync after it was applied. */
  unownable?: (ref: ObjectRef) => readonly string[];
  /** How objects are compared; by default anew each time. */
  compare?: Compare;
  /** Whether somebody else has applied an object under the owner's field manager. */
  isAppliedByOthers?: (live: KubeObject) => boolean;
  /** Whether the work that an object stands for is done, so that it need not be there. */
  isFinished?: (object: KubeObject) => boolean;
  /** Whether a field, or with an empty path the object itself, was put back too often to be put back now. */
  isHeld?: (object: KubeObject, path: string) => boolean;
}

/** One write. `changes` are the JSON pointers that make an update necessary; `uid` is the object that a delete means. */
export type Operation =
  | { type: 'create'; ref: ObjectRef; object: KubeObject }
  | { type: 'update'; ref: ObjectRef; object: KubeObject; changes: string[] }
  | { type: 'delete'; ref: ObjectRef; uid?: string };

/** What is to be done. Nothing may be done while there are refusals; what is `waiting` is still being deleted. */
export interface Plan {
  operations: Operation[];
  waiting: ObjectRef[];
  contests: Contest[];
  refusals: Refusal[];
}

/**
 * The writes that bring the cluster to `desired`: creates and updates in Helm's install order, then deletes of what only the
 * inventory has in its uninstall order. Never touches an object that the owner does not hold. A generator: it yields after each object,
 * so that its caller can let others run.
 */
export function* planFor(input: PlanInput): Generator<undefined, Plan> {
  const surplusRefs = surplusOf(input);
  const situation: Situation = {
    ...input,
    known: new Set(input.inventory.map(keyOf)),
    unscaled: scaledBy(surplusRefs, input),
  };
  const steps: Step[] = [];
  for (const object of inInstallOrder(input.desired)) {
    steps.push(stepFor(object, situation));
    yield;
  }
  for (const ref of inUninstallOrder(surplusRefs)) steps.push(stepAgainst(ref, input));
  return {
    operations: steps.flatMap(({ operation }) => operation ?? []),
    waiting: steps.flatMap(({ waiting }) => waiting ?? []),
    contests: steps.flatMap(({ contest }) => contest ?? []),
    refusals: steps.flatMap(({ refusal }) => refusal ?? []),
  };
}

/** What comes of one object; nothing where all is well. */
interface Step {
  operation?: Operation;
  waiting?: ObjectRef;
  contest?: Contest;
  refusal?: Refusal;
}

/** An input with what is asked of it for every object. */
interface Situation extends PlanInput {
  /** Keys of the inventory. */
  known: ReadonlySet<string>;
  /** `Kind/name` of what loses its autoscaler: the number is then the chart's again. */
  unscaled: ReadonlySet<string>;
}

function stepFor(object: KubeObject, input: Situation): Step {
  const ref = refOf(object);
  const live = input.live(ref);
  if (live === undefined) {
    if (input.isFinished?.(object)) return {};
    if (input.isHeld?.(object, '')) return { contest: { ref, paths: [], managers: [], isOwned: isOwned(object) } };
    return { operation: { type: 'create', ref, object } };
  }
  const holder = objectOwnerOf(live, input.owner);
  if (holder.type !== 'self' && !isRepairable(ref, live, input)) return { refusal: alreadyExists(ref, holder) };
  return live.metadata.deletionTimestamp ? { waiting: ref } : stepOfDrift(object, live, input);
}

/** What another apply under our field manager wrote is ours by name: which of the fields have other values does not show. */
const APPLIED_BY = pointerTo(['metadata', 'managedFields']);

/** Fields that are somebody else's, by design or for the moment, are not sent either: an apply would take them. */
function stepOfDrift(desired: KubeObject, live: KubeObject, input: Situation): Step {
  const { owner, isHeld, unscaled } = input;
  const ref = refOf(desired);
  const lost = lostIn(desired, live, input);
  if (lost.length === 0) return {};
  const others = otherManagersOf(desired, live, owner.marks.fieldManager);
  const isNewState = lost[0] === pointerTo(['metadata', 'annotations', owner.marks.appliedAnnotation]);
  const losesItsScaler = unscaled.has(titleOf(ref));
  const isLeft = (pointer: string): boolean =>
    isLeftToOthers({ pointer, desired, live, others, isNewState, losesItsScaler });
  const left = lost.filter(isLeft);
  const held = isHeld ? lost.filter((pointer) => isHeld(desired, pointer) && !isLeft(pointer)) : [];
  const managersOf = (pointer: string): string[] =>
    pointer === APPLIED_BY ? [owner.marks.fieldManager] : others.namesFor(pointer);
  const unsent = new Set([...left, ...held]);
  const changes = lost.filter((pointer) => !unsent.has(pointer));
  const [first] = held;
  const managers = first === undefined ? [] : managersOf(first);
  const contest = { ref, paths: held, managers, isOwned: false };
  const object = withoutPointers(desired, [...unsent]);
  return {
    ...(changes.length === 0 ? {} : { operation: { type: 'update' as const, ref, object, changes } }),
    ...(held.length === 0 ? {} : { contest }),
  };
}

function lostIn(desired: KubeObject, live: KubeObject, input: Situation): string[] {
  const { owner, unownable: tolerated, isAppliedByOthers, compare = outOfSync } = input;
  const lost = compare(desired, live, owner.marks, tolerated?.(refOf(desired)) ?? []);
  return isAppliedByOthers?.(live) === true ? [...lost, APPLIED_BY] : lost;
}

function isOwned({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).length > 0;
}

function stepAgainst(ref: ObjectRef, { live: find, owner }: PlanInput): Step {
  const live = find(ref);
  if (live === undefined || objectOwnerOf(live, owner).type !== 'self' || isKept(live)) return {};
  // It was a child, and is the object of a hook by now.
  if (isHookObject(live, owner)) return {};
  if (live.metadata.deletionTimestamp) return { waiting: ref };
  const { uid } = live.metadata;
  return { operation: { type: 'delete', ref, ...(uid === undefined ? {} : { uid }) } };
}

function surplusOf({ desired, inventory }: PlanInput): ObjectRef[] {
  const kept = new Set(desired.map((object) => keyOf(refOf(object))));
  return inventory.filter((ref) => !kept.has(keyOf(ref)));
}

function isRepairable(ref: ObjectRef, live: KubeObject, { known, owner }: Situation): boolean {
  return wereLabelsRemoved(live, owner) && known.has(keyOf(ref));
}

/** Helm's resource policy: the object outlives its Release. */
function isKept(live: KubeObject): boolean {
  return live.metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}

/** The targets, as `Kind/name`, of the scalers among `refs`, be they HorizontalPodAutoscalers or others that name one alike. */
function scaledBy(refs: readonly ObjectRef[], { live }: PlanInput): ReadonlySet<string> {
  const targets = refs.map((scaler) => mapAt(live(scaler), 'spec', 'scaleTargetRef'));
  // KEDA's leave out the kind of a Deployment.
  return new Set(targets.map(({ kind = 'Deployment', name }) => titleOf({ kind: String(kind), name: String(name) })));
}

function alreadyExists(ref: ObjectRef, holder: ObjectOwner): Refusal {
  const where = ref.namespace === undefined ? 'in the cluster' : `in namespace ${ref.namespace}`;
  return {
    ref,
    code: 'AlreadyExists',
    message: `${titleOf(ref)} exists already ${where} and ${whose(holder)}: ${adviceOn(holder)}, or give the one of this chart another name`,
  };
}

/** What a Release has left with `--cascade=orphan` is no less its own. */
function adviceOn({ type }: ObjectOwner): string {
  return type === 'release' ? 'take it out of that one (if it was deleted, make one of its name)' : 'delete it';
}

function whose(holder: ObjectOwner): string {
  switch (holder.type) {
    case 'release':
      return `belongs to the Release ${holder.name}`;
    case 'helm':
      return `belongs to the Helm release ${holder.name}`;
    case 'nobody':
    case 'self':
      return 'was not made by this Release';
  }
}
