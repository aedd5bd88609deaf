import { numberAt } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { conditionOf, green, GREEN, red, reasonAndMessage, yellow } from './verdict.ts';

/**
 * HorizontalPodAutoscaler: able to find and scale its target. A lack of metrics, for now or in this cluster at all, stops nothing else from
 * working: it is reported, and does not count, as with Helm.
 */
export function autoscalerHealth(autoscaler: KubeObject): Verdict {
  const able = conditionOf(autoscaler, 'AbleToScale');
  if (able?.status === 'False') return yellow(reasonAndMessage(able));
  const active = conditionOf(autoscaler, 'ScalingActive');
  const isBlind = active?.status === 'False' && active.reason !== 'ScalingDisabled';
  return isBlind ? green(`does not scale: ${reasonAndMessage(active)}`) : GREEN;
}

/**
 * PodDisruptionBudget: read by its controller. That it allows no disruption now is what it is for; that it allows none though every pod is
 * healthy is reported, since no node of theirs can be drained.
 */
export function disruptionBudgetHealth(budget: KubeObject): Verdict {
  const allowed = conditionOf(budget, 'DisruptionAllowed');
  if (allowed?.reason === 'SyncFailed') return red(reasonAndMessage(allowed));
  const count = (field: string): number => numberAt(budget, 'status', field) ?? 0;
  const [expected, healthy, desired] = [count('expectedPods'), count('currentHealthy'), count('desiredHealthy')];
  const blocks = expected > 0 && healthy >= expected && desired >= expected && allowed?.status === 'False';
  return blocks
    ? green(`allows no disruption: ${desired} of ${expected} pods have to stay, so no node of theirs can be drained`)
    : GREEN;
}
