import { andMore } from '../plain-text.ts';
import { numberAt, textAt } from '../json/json.ts';
import { refOf, titleOf } from '../reference.ts';
import { podsSelectedBy } from '../pods-of.ts';
import type { Health, KubeObject } from '../types.ts';
import { apiServiceHealth, definitionHealth, namespaceHealth } from './apis.ts';
import { autoscalerHealth, disruptionBudgetHealth } from './autoscaling.ts';
import { customHealth } from './custom/custom.ts';
import { mysqlClusterHealth } from './custom/databases.ts';
import { activeJobsOf, cronJobHealth, jobHealth } from './jobs.ts';
import { ingressHealth, serviceHealth } from './network.ts';
import { podHealth } from './pods.ts';
import { claimHealth } from './storage.ts';
import type { EventSubject, HealthRule, HealthContext, Verdict } from './verdict.ts';
import { GREEN, CHANGE_NOT_OBSERVED, yellow } from './verdict.ts';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads.ts';

/** How the health of a kind is found. */
interface Rule {
  health: HealthRule;
  /** The Events that say what its status does not. */
  reads?: EventSubject['reads'];
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['apps/Deployment', { health: deploymentHealth, reads: 'warnings' }],
  ['apps/StatefulSet', { health: statefulSetHealth, reads: 'warnings' }],
  ['apps/DaemonSet', { health: daemonSetHealth, reads: 'warnings' }],
  ['apps/ReplicaSet', { health: replicaSetHealth, reads: 'warnings' }],
  ['/ReplicationController', { health: replicaSetHealth, reads: 'warnings' }],
  ['/Pod', { health: podHealth, reads: 'warnings' }],
  ['batch/Job', { health: jobHealth, reads: 'warnings' }],
  ['batch/CronJob', { health: cronJobHealth, reads: 'all' }],
  ['/PersistentVolumeClaim', { health: claimHealth, reads: 'all' }],
  ['/Service', { health: serviceHealth, reads: 'warnings' }],
  ['networking.k8s.io/Ingress', { health: ingressHealth }],
  ['/Namespace', { health: namespaceHealth }],
  ['autoscaling/HorizontalPodAutoscaler', { health: autoscalerHealth }],
  ['policy/PodDisruptionBudget', { health: disruptionBudgetHealth }],
  ['apiextensions.k8s.io/CustomResourceDefinition', { health: definitionHealth }],
  ['mysql.oracle.com/InnoDBCluster', { health: mysqlClusterHealth }],
  ['apiregistration.k8s.io/APIService', { health: apiServiceHealth }],
]);

function ruleOf(object: KubeObject): Rule {
  const { group, kind } = refOf(object);
  return RULES.get(`${group}/${kind}`) ?? { health: customHealth };
}

/**
 * The health of a live object, by rules modelled on kstatus and, for workloads, by the pods that they made. Whether it has been Yellow
 * for too long is for the caller to decide.
 */
export function healthOf(object: KubeObject, context: HealthContext): Verdict {
  const { deletionTimestamp, generation } = object.metadata;
  if (deletionTimestamp !== undefined) return yellow(deletionWords(object));
  if (generation !== undefined && observedGenerationOf(object) < generation) return yellow(CHANGE_NOT_OBSERVED);
  return context.check?.(object) ?? ruleOf(object).health(object, context);
}

/** The generation that its controller has observed, which some write as a text; infinite if it does not say. */
function observedGenerationOf(object: KubeObject): number {
  const text = textAt(object, 'status', 'observedGeneration') ?? '';
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : (numberAt(object, 'status', 'observedGeneration') ?? Infinity);
}

/** The objects whose Events may say why, or even that, `object` is not Green: itself, those of its pods that are not, and its Jobs. */
export function eventSubjectsOf(object: KubeObject, pods: readonly KubeObject[]): EventSubject[] {
  const { reads } = ruleOf(object);
  if (!reads) return [];
  const troubled = podsSelectedBy(object, pods).filter((pod) => podHealth(pod).health !== 'Green');
  const subjects = [
    { kind: object.kind, uid: object.metadata.uid, reads },
    ...activeJobsOf(object).map(({ uid }) => ({ kind: 'Job', uid, reads: 'warnings' as const })),
    ...troubled.map(({ kind, metadata: { uid } }) => ({ kind, uid, reads: 'warnings' as const })),
  ];
  return subjects.flatMap(({ uid, ...subject }) => (uid === undefined ? [] : [{ ...subject, uid }]));
}

function deletionWords({ metadata: { finalizers = [] } }: KubeObject): string {
  return finalizers.length === 0
    ? 'is being deleted'
    : `is being deleted, held by its finalizers ${finalizers.join(', ')}`;
}

/** The worst colour among `resources`, with its first cause in one line and the number of others that are as bad. */
export function releaseHealthOf(resources: readonly (Health & { kind: string; name: string })[]): Health {
  const worst = (['Red', 'Yellow'] as const).find((colour) => resources.some(({ health }) => health === colour));
  if (worst === undefined) return GREEN;
  const [first, ...others] = resources.filter(({ health }) => health === worst);
  if (first === undefined) return GREEN;
  return { health: worst, message: `${titleOf(first)}: ${first.message ?? 'unknown'}${andMore(others.length)}` };
}
