import type { KubeObject } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { conditionOf, GREEN, red, reasonAndMessage, yellow } from './verdict.ts';

/**
 * HorizontalPodAutoscaler: able to find and scale its target. A lack of metrics, for now or in this cluster at all, stops nothing else
 * from working, and does not count, as with Helm.
 */
export function autoscalerHealth(autoscaler: KubeObject): Verdict {
  const able = conditionOf(autoscaler, 'AbleToScale');
  return able?.status === 'False' ? yellow(reasonAndMessage(able)) : GREEN;
}

/** PodDisruptionBudget: read by its controller; that it allows no disruption now is what it is for. */
export function disruptionBudgetHealth(budget: KubeObject): Verdict {
  const allowed = conditionOf(budget, 'DisruptionAllowed');
  return allowed?.reason === 'SyncFailed' ? red(reasonAndMessage(allowed)) : GREEN;
}
