import { listAt, textAt } from '../json.ts';
import type { Health, KubeObject } from '../types.ts';
import { lastReason, lastWarning } from './events.ts';
import type { ConditionText, HealthRule, Surroundings } from './verdict.ts';
import { conditionOf, GREEN, red, wordsOf, yellow } from './verdict.ts';

/** PersistentVolumeClaim: bound, or waiting on purpose for a pod that uses it. */
export function claimHealth(claim: KubeObject, { events }: Surroundings): Health {
  switch (textAt(claim, 'status', 'phase') ?? 'Pending') {
    case 'Bound':
      return GREEN;
    case 'Lost':
      return red('the volume behind it is lost');
    default:
      if (lastReason(claim, events) === 'WaitForFirstConsumer') return GREEN;
      return yellow(lastWarning(claim, events) ?? 'waits for a volume');
  }
}

/** Service: a load balancer has its address; every other type is well as soon as it exists. */
export function serviceHealth(service: KubeObject, { events }: Surroundings): Health {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return GREEN;
  if (listAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return GREEN;
  return yellow(lastWarning(service, events) ?? 'waits for a load balancer');
}

/**
 * HorizontalPodAutoscaler: able to find and scale its target. That it has no metrics, yet or in this cluster at all, stops
 * nothing else from working, as with Helm.
 */
export function autoscalerHealth(autoscaler: KubeObject): Health {
  const able = conditionOf(autoscaler, 'AbleToScale');
  return able?.status === 'False' ? yellow(wordsOf(able)) : GREEN;
}

/** PodDisruptionBudget: read by its controller; that it allows no disruption now is what it is for. */
export function disruptionBudgetHealth(budget: KubeObject): Health {
  const allowed = conditionOf(budget, 'DisruptionAllowed');
  return allowed?.reason === 'SyncFailed' ? red(wordsOf(allowed)) : GREEN;
}

/** CustomResourceDefinition: established, and nobody else has its names. */
export function definitionHealth(definition: KubeObject): Health {
  const named = conditionOf(definition, 'NamesAccepted');
  if (named?.status === 'False') return red(wordsOf(named));
  return conditionOf(definition, 'Established')?.status === 'True' ? GREEN : yellow('is not established yet');
}

/** APIService: the server behind it answers. */
export function apiServiceHealth(service: KubeObject): Health {
  return whenTrue(conditionOf(service, 'Available'));
}

/** Namespace: active. */
export function namespaceHealth(namespace: KubeObject): Health {
  return textAt(namespace, 'status', 'phase') === 'Terminating' ? yellow('is being deleted') : GREEN;
}

/** Any other kind, by the conditions that kstatus reads; without any of them it is well as soon as it exists. */
export const genericHealth: HealthRule = (object) => {
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status === 'True') return red(wordsOf(stalled));
  const reconciling = conditionOf(object, 'Reconciling');
  if (reconciling?.status === 'True') return yellow(wordsOf(reconciling));
  const summary = conditionOf(object, 'Ready') ?? conditionOf(object, 'Available');
  return summary === undefined ? GREEN : whenTrue(summary);
};

function whenTrue(condition: ConditionText | undefined): Health {
  if (condition?.status === 'True') return GREEN;
  return yellow(condition === undefined ? 'has no status yet' : wordsOf(condition));
}
