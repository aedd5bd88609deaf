import { mapAt } from './json.ts';
import type { Refusal } from './guard.ts';
import { inInstallOrder, inUninstallOrder } from './order.ts';
import type { Holder, Owner } from './owner.ts';
import { holderOf, lostItsMarks, ownerLabels } from './owner.ts';
import { keyOf, refOf, titleOf } from './reference.ts';
import { withoutForeignScale } from './scale.ts';
import { outOfSync } from './sync.ts';
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
  tolerated?: (ref: ObjectRef) => readonly string[];
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
  refusals: Refusal[];
}

/**
 * The writes that bring the cluster to `desired`: creates and updates in Helm's install order, then deletes of what only the
 * inventory has in its uninstall order. Never touches an object that the owner does not hold.
 */
export function planFor(input: PlanInput): Plan {
  const surplusRefs = surplusOf(input);
  const situation: Situation = {
    ...input,
    known: new Set(input.inventory.map(keyOf)),
    unscaled: scaledBy(surplusRefs, input),
  };
  const wanted = inInstallOrder(input.desired).map((object) => stepFor(object, situation));
  const surplus = inUninstallOrder(surplusRefs).map((ref) => stepAgainst(ref, input));
  const steps = [...wanted, ...surplus];
  return {
    operations: steps.flatMap((step) => ('type' in step ? step : [])),
    waiting: steps.flatMap((step) => ('waiting' in step ? step.waiting : [])),
    refusals: steps.flatMap((step) => ('code' in step ? step : [])),
  };
}

type Step = Operation | Refusal | { waiting: ObjectRef } | { done: true };

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
  if (live === undefined) return { type: 'create', ref, object };
  const holder = holderOf(live, input.owner);
  if (holder.type !== 'self' && !isRepairable(ref, live, input)) return alreadyExists(ref, holder, input.owner);
  if (live.metadata.deletionTimestamp) return { waiting: ref };
  const scaled = withoutForeignScale(object, live);
  const wanted = scaled !== object && input.unscaled.has(titleOf(ref)) ? object : scaled;
  const changes = outOfSync(wanted, live, input.owner.marks, input.tolerated?.(ref));
  return changes.length === 0 ? { done: true } : { type: 'update', ref, object: wanted, changes };
}

function stepAgainst(ref: ObjectRef, { live: find, owner }: PlanInput): Step {
  const live = find(ref);
  if (live === undefined || holderOf(live, owner).type !== 'self' || isKept(live)) return { done: true };
  if (live.metadata.deletionTimestamp) return { waiting: ref };
  const { uid } = live.metadata;
  return { type: 'delete', ref, ...(uid === undefined ? {} : { uid }) };
}

function surplusOf({ desired, inventory }: PlanInput): ObjectRef[] {
  const kept = new Set(desired.map((object) => keyOf(refOf(object))));
  return inventory.filter((ref) => !kept.has(keyOf(ref)));
}

function isRepairable(ref: ObjectRef, live: KubeObject, { known, owner }: Situation): boolean {
  return lostItsMarks(live, owner) && known.has(keyOf(ref));
}

/** Helm's resource policy: the object outlives its Release. */
function isKept(live: KubeObject): boolean {
  return live.metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}

/** The targets, as `Kind/name`, of the autoscalers among `refs`. */
function scaledBy(refs: readonly ObjectRef[], { live }: PlanInput): ReadonlySet<string> {
  const targets = refs
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .map((autoscaler) => mapAt(live(autoscaler), 'spec', 'scaleTargetRef'));
  return new Set(targets.map(({ kind, name }) => titleOf({ kind: String(kind), name: String(name) })));
}

function alreadyExists(ref: ObjectRef, holder: Holder, owner: Owner): Refusal {
  const where = ref.namespace === undefined ? 'in the cluster' : `in namespace ${ref.namespace}`;
  return {
    ref,
    code: 'AlreadyExists',
    message: `${titleOf(ref)} exists already ${where} and ${whose(holder)}: delete it, or give it to this Release by the labels ${labelsOf(owner)}`,
  };
}

function whose(holder: Holder): string {
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

function labelsOf(owner: Owner): string {
  return Object.entries(ownerLabels(owner))
    .map(([label, value]) => `${label}=${value}`)
    .join(' and ');
}
