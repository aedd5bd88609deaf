import { isDeepStrictEqual } from 'node:util';
import { COLOUR_LABEL } from '../../../crds/index.ts';
import {
  refOf,
  textAt,
  titleOfObject,
  valueAt,
  yellow,
  type Health,
  type KubeObject,
  type Plan,
  type PlannedWrite,
} from '../../../resources/index.ts';
import type { Scope } from '../../plan/scope.ts';
import { attemptPlan, type ApplyWrite, type PlanOutcome } from '../apply.ts';
import { wasApplied } from '../operation.ts';
import type { StageInput } from '../stage.ts';
import { notGreen } from './beside.ts';

/** A plan in three parts. */
export interface CutPlan {
  before: Plan;
  /** Nothing but the Services that are led elsewhere. */
  cut: Plan;
  /** What is deleted. */
  after: Plan;
}

/**
 * Carries out the plan of a version, as `attemptPlan` does. Where a colour is left, the Services lead to the other one last, and only while
 * that is Green: no traffic goes to a version of which an object is refused, or still has to be created again, or to nothing. Nothing is
 * deleted before they do.
 */
export async function attemptCut(
  step: StageInput,
  plan: Plan,
  applied?: (write: ApplyWrite) => void,
): Promise<PlanOutcome & { waiting?: Health | undefined }> {
  const { services, observed, scope, progress, standby, awaited, target } = step;
  const isCut = standby.length + awaited.length > 0 && !wasApplied(progress);
  if (!isCut) return attemptPlan(services, observed, scope, plan, applied);
  const { before, cut, after } = atCut(plan, scope.live);
  const outcome = await attemptPlan(services, observed, scope, before, applied);
  const isDue = outcome.failure === undefined && outcome.replaced.length + target.desired.pending.length === 0;
  if (!isDue) return outcome;
  const waiting = cut.writes.length > 0 ? notYetServing(step) : undefined;
  if (waiting) return { ...outcome, waiting };
  const led = await attemptPlan(services, observed, scope, cut, applied, 'cut');
  if (led.failure || led.replaced.length > 0) return led;
  const elsewhere = leadingElsewhere(step);
  return elsewhere
    ? { ...led, waiting: elsewhere }
    : attemptPlan(services, observed, scope, after, applied, 'after the cut');
}

/** The health if a Service leads to pods other than the version says, as far as colours show; undefined if none does. */
export function leadingElsewhere({ scope, target }: Pick<StageInput, 'scope' | 'target'>): Health | undefined {
  const found = target.desired.objects.find(({ object }) => {
    const live = object.kind === 'Service' ? scope.live(refOf(object)) : undefined;
    return live !== undefined && colourLedTo(live) !== colourLedTo(object);
  });
  if (!found) return undefined;
  const causes = 'is its /spec/selector in spec.ignore, or does somebody else set it?';
  return yellow(`${titleOfObject(found.object)} does not lead to version ${target.version}: ${causes}`);
}

function colourLedTo(service: KubeObject): string | undefined {
  return textAt(service, 'spec', 'selector', COLOUR_LABEL);
}

function notYetServing(step: StageInput): Health | undefined {
  const unready = notGreen(step);
  if (!unready) return undefined;
  const text = `the Service leads to version ${step.target.version} once that is Green: ${unready.message}`;
  return { ...unready, message: text };
}

/** A plan, in the parts before the cut, of it, and after it. */
export function atCut(plan: Plan, live: Scope['live']): CutPlan {
  const only = (isIt: (write: PlannedWrite) => boolean): Plan => ({
    writes: plan.writes.filter(isIt),
    waiting: [],
    contests: [],
    refusals: [],
  });
  const isOfCut = (write: PlannedWrite): boolean => leadsElsewhere(write, live);
  const isLater = (write: PlannedWrite): boolean => write.type === 'delete' || isOfCut(write);
  return {
    before: { ...plan, writes: plan.writes.filter((write) => !isLater(write)) },
    cut: only(isOfCut),
    after: only(({ type }) => type === 'delete'),
  };
}

/** Whether a write leads a Service to other pods. */
export function leadsElsewhere(write: PlannedWrite, live: Scope['live']): boolean {
  if (write.type !== 'update' || write.ref.kind !== 'Service') return false;
  const selector = valueAt(write.object, 'spec', 'selector');
  return selector !== undefined && !isDeepStrictEqual(selector, valueAt(live(write.ref), 'spec', 'selector'));
}
