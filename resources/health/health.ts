import { numberAt } from '../json.ts';
import { titleOf } from '../reference.ts';
import type { Health, KubeObject } from '../types.ts';
import { cronJobHealth, jobHealth } from './jobs.ts';
import { podHealth } from './pods.ts';
import {
  apiServiceHealth,
  autoscalerHealth,
  claimHealth,
  definitionHealth,
  disruptionBudgetHealth,
  genericHealth,
  namespaceHealth,
  serviceHealth,
} from './rest.ts';
import type { HealthRule, Surroundings } from './verdict.ts';
import { GREEN, yellow } from './verdict.ts';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads.ts';

const RULES: ReadonlyMap<string, HealthRule> = new Map<string, HealthRule>([
  ['apps/Deployment', deploymentHealth],
  ['apps/StatefulSet', statefulSetHealth],
  ['apps/DaemonSet', daemonSetHealth],
  ['apps/ReplicaSet', replicaSetHealth],
  ['/ReplicationController', replicaSetHealth],
  ['/Pod', podHealth],
  ['batch/Job', jobHealth],
  ['batch/CronJob', cronJobHealth],
  ['/PersistentVolumeClaim', claimHealth],
  ['/Service', serviceHealth],
  ['/Namespace', namespaceHealth],
  ['autoscaling/HorizontalPodAutoscaler', autoscalerHealth],
  ['policy/PodDisruptionBudget', disruptionBudgetHealth],
  ['apiextensions.k8s.io/CustomResourceDefinition', definitionHealth],
  ['apiregistration.k8s.io/APIService', apiServiceHealth],
]);

/**
 * How a live object fares, by rules after kstatus and, for workloads, by the pods that they made. Without a clock: whether
 * something has been Yellow for too long is for the caller to say.
 */
export function healthOf(object: KubeObject, surroundings: Surroundings): Health {
  if (object.metadata.deletionTimestamp !== undefined) return yellow('is being deleted');
  const observed = numberAt(object, 'status', 'observedGeneration');
  if (observed !== undefined && observed < (object.metadata.generation ?? 0)) {
    return yellow('its controller has not seen the last change yet');
  }
  const group = object.apiVersion.includes('/') ? object.apiVersion.slice(0, object.apiVersion.indexOf('/')) : '';
  const rule = RULES.get(`${group}/${object.kind}`) ?? genericHealth;
  return rule(object, surroundings);
}

/** The worst colour among `resources`, with the first cause in one line and the number of others that are as bad. */
export function releaseHealthOf(resources: readonly (Health & { kind: string; name: string })[]): Health {
  const worst = (['Red', 'Yellow'] as const).find((colour) => resources.some(({ health }) => health === colour));
  if (worst === undefined) return GREEN;
  const [first, ...others] = resources.filter(({ health }) => health === worst);
  if (first === undefined) return GREEN;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return { health: worst, message: `${titleOf(first)}: ${first.message ?? 'unknown'}${more}` };
}
