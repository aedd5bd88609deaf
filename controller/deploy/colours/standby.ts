import { keyOf, type Plan, withoutUndefined } from '../../../resources/index.ts';
import { planIn } from '../../plan/scope.ts';
import { inventoryInForce, type Progress } from '../../status/progress.ts';
import { attemptPlan } from '../apply.ts';
import type { StageInput, StageResult } from '../stage.ts';
import { isNotYetApplying, wasApplied } from '../operation.ts';
import { keyOfDesired, standbyLeftMs } from './colours.ts';
import { leadingElsewhere } from './cut.ts';

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

/** The keys of what is kept of the colour that is left; as they were stored, once the cut is decided and where that colour cannot be read. */
export function standbyKeys({ progress, standby }: Pick<StageInput, 'progress' | 'standby'>): readonly string[] {
  if (wasApplied(progress)) return progress.standby;
  const keys = standby.map(keyOfDesired);
  return keys.length === 0 && !isNotYetApplying(progress) ? progress.standby : keys;
}

/** Deletes the colour that was left at the cut, once it has been kept for long enough, and no Service leads there. */
export async function retireStandby(step: StageInput): Promise<StageResult> {
  const { services, observed, target, scope, progress } = step;
  const { operation } = progress;
  if (operation?.standby === undefined || target.operation === 'Delete') return { progress, isOver: true };
  const leftMs = standbyLeftMs(observed, progress);
  if (leftMs > 0) return { progress, isOver: true, retryInMs: leftMs };
  // Somebody led a Service back, and drift is not corrected: what it leads to stays.
  if (leadingElsewhere(step)) return { progress, isOver: true };
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
