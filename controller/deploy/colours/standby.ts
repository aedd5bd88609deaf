import { keyOf, type Plan } from '../../../resources/index.ts';
import { withoutUndefined } from '../../pass/without-undefined.ts';
import { planIn } from '../../plan/scope.ts';
import { inventoryInForce, type Progress } from '../../status/progress.ts';
import { attemptPlan } from '../apply.ts';
import type { StageInput, StageResult } from '../stage.ts';
import { standbyLeftMs } from './colours.ts';

/** A plan without the deletions of the colour that is kept since the cut. */
export function sparingStandby(plan: Plan, { standby }: Pick<Progress, 'standby'>): Plan {
  if (standby.length === 0) return plan;
  const spared = new Set(standby);
  return {
    ...plan,
    writes: plan.writes.filter(({ type, ref }) => type !== 'delete' || !spared.has(keyOf(ref))),
    waiting: plan.waiting.filter((ref) => !spared.has(keyOf(ref))),
  };
}

/** Deletes the colour that was left at the cut, once it has been kept for long enough. */
export async function retireStandby(step: StageInput): Promise<StageResult> {
  const { services, observed, target, scope, progress } = step;
  const { operation } = progress;
  if (operation?.standby === undefined || target.operation === 'Delete') return { progress, isOver: true };
  const leftMs = standbyLeftMs(observed, progress);
  if (leftMs > 0) return { progress, isOver: true, retryInMs: leftMs };
  const standby = new Set(progress.standby);
  const left = progress.inventory.filter((entry) => standby.has(keyOf(entry)));
  const plan = await planIn(scope, services, observed, { ...target.desired, objects: [] }, left);
  if (plan.writes.length + plan.waiting.length > 0) {
    const { failure } = await attemptPlan(services, observed, scope, plan, undefined, 'standby');
    return { progress, isOver: failure === undefined, failure };
  }
  const inventory = inventoryInForce(progress);
  const { standby: _, ...done } = operation;
  return { progress: { ...progress, inventory, standby: [], operation: withoutUndefined(done) }, isOver: true };
}
