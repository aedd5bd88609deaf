import {
  inObjectOrder,
  inReverseOrder,
  keyOf,
  keyOfObject,
  orderOf,
  refOf,
  titleOf,
  valueAt,
  yellow,
  type Health,
  type HeldObject,
  type KubeObject,
  type ObjectRef,
  type OrderedPlan,
  type Plan,
} from '../../../resources/index.ts';
import { groupsFor } from '../../plan/order/chart-order.ts';
import { ORDER_ANNOTATIONS } from '../../pass/ownership.ts';
import { healthChecksOf } from '../../status/health-checks.ts';
import { childrenOf } from '../../status/children-health.ts';
import { wasApplied } from '../operation.ts';
import type { StageInput } from '../stage.ts';

/** Kubernetes' own finalizers: of claims that pods use, and of volumes that claims do. */
const PROTECTION = 'kubernetes.io/';

/**
 * The part of a plan that the order of its objects lets happen now. Once everything was applied, what has to be corrected waits for nothing;
 * a deletion goes the other way round, by what the live objects say and in which order their charts come.
 */
export function inOrder(step: StageInput, plan: Plan): OrderedPlan {
  const { target, scope, progress } = step;
  if (target.operation === 'Delete') {
    const live = progress.inventory.flatMap((entry) => scope.live(entry) ?? []);
    const { leaving } = target.desired;
    const order = orderOf(live, ORDER_ANNOTATIONS, leaving && groupsFor(live, leaving));
    const isInUse = (ref: ObjectRef): boolean =>
      scope.live(ref)?.metadata.finalizers?.some((name) => name.startsWith(PROTECTION)) ?? false;
    return { plan: order ? inReverseOrder(plan, order, isInUse) : plan, held: [] };
  }
  const { order } = target.desired;
  if (!order || wasApplied(progress)) return { plan, held: [] };
  return inObjectOrder(plan, order, readiness(step));
}

/** Whether an object of the version, by its key, is Green, or has done its work and is gone. */
function readiness(step: StageInput): (key: string) => boolean {
  const { target, scope, progress } = step;
  const refs = new Map(target.desired.objects.map(({ object }) => [keyOfObject(object), refOf(object)]));
  let green: ReadonlySet<string> | undefined;
  return (key) => {
    const ref = refs.get(key);
    const live = ref && scope.live(ref);
    if (!live) return ![undefined, 'Failed'].includes(progress.finished.get(key));
    green ??= greenAmong(step, [...refs.values()]);
    return green.has(key) || waitsForOthers(live);
  };
}

/** The keys of those of these objects that are Green. */
function greenAmong({ services, observed, scope }: StageInput, refs: readonly ObjectRef[]): ReadonlySet<string> {
  const inventory = refs.filter((ref) => scope.live(ref) !== undefined);
  const checks = healthChecksOf(observed.release.spec.healthChecks);
  const children = childrenOf(services, observed, { progress: { inventory }, scope }, checks, new Date());
  return new Set(children?.resources.filter(({ health }) => health === 'Green').map(keyOf));
}

/** An autoscaler waits for what it scales, a claim for the pod that uses it: these may be what waits for them. */
function waitsForOthers(live: KubeObject): boolean {
  return live.kind === 'PersistentVolumeClaim' || valueAt(live, 'spec', 'scaleTargetRef') !== undefined;
}

/** What the first of the objects that wait is waiting for. */
export function heldHealth([first, ...others]: readonly HeldObject[]): Health | undefined {
  if (!first) return undefined;
  const more = others.length > 0 ? ` (and ${others.length} more wait)` : '';
  return yellow(`${titleOf(first.ref)}: waits until ${first.awaited} is ready${more}`);
}
