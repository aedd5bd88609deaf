import {
  inObjectOrder,
  inReverseOrder,
  keyOf,
  orderOf,
  refOf,
  titleOf,
  yellow,
  type Health,
  type HeldObject,
  type OrderedPlan,
  type Plan,
} from '../../../resources/index.ts';
import { ORDER_ANNOTATIONS } from '../../pass/ownership.ts';
import { healthChecksOf } from '../../status/health-checks.ts';
import { childrenOf } from '../../status/report.ts';
import { wasApplied } from '../operation.ts';
import type { StageInput } from '../stage.ts';

/**
 * The part of a plan that the order of its objects lets happen now. Once everything was applied, what has to be corrected waits for nothing;
 * a deletion goes the other way round, by what the live objects say.
 */
export function inOrder(step: StageInput, plan: Plan): OrderedPlan {
  const { target, scope, progress } = step;
  if (target.operation === 'Delete') {
    const live = progress.inventory.flatMap((entry) => scope.live(entry) ?? []);
    const order = orderOf(live, ORDER_ANNOTATIONS);
    return { plan: order ? inReverseOrder(plan, order) : plan, held: [] };
  }
  const { order } = target.desired;
  if (!order || wasApplied(progress)) return { plan, held: [] };
  return inObjectOrder(plan, order, readiness(step));
}

/** Whether an object of the version is Green, or has done its work and is gone, by its key. */
function readiness({ services, observed, target, scope, progress }: StageInput): (key: string) => boolean {
  const refs = new Map(target.desired.objects.map(({ object }) => [keyOf(refOf(object)), refOf(object)]));
  const checks = healthChecksOf(observed.release.spec.healthChecks);
  const now = new Date();
  return (key) => {
    const ref = refs.get(key);
    if (!ref) return false;
    if (!scope.live(ref)) return progress.finished?.has(key) ?? false;
    const children = childrenOf(services, observed, { progress: { inventory: [ref] }, scope }, checks, now);
    return children?.resources[0]?.health === 'Green';
  };
}

/** What the first of the objects that wait is waiting for. */
export function heldHealth([first, ...others]: readonly HeldObject[]): Health | undefined {
  if (!first) return undefined;
  const more = others.length > 0 ? ` (and ${others.length} more wait)` : '';
  return yellow(`${titleOf(first.ref)}: waits until ${first.awaited} is ready${more}`);
}
