import { numberAt, textAt, valueAt } from '../json/json.ts';
import { podsSelectedBy } from '../pods-of.ts';
import type { KubeObject } from '../types.ts';
import { withoutGeneratedName } from './events.ts';
import { worstPodHealth, progressingHealth, settledHealth } from './pods.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { conditionOf, red, reasonAndMessage, runOf } from './verdict.ts';

const HASH_LABEL = 'pod-template-hash';

/** Deployment: all replicas are of the newest template and available; while it is paused, those that it has are available. */
export function deploymentHealth(deployment: KubeObject, context: HealthContext): Verdict {
  const pods = newestPods(podsSelectedBy(deployment, context.pods));
  const failed = failedRollout(deployment, pods, context);
  if (failed) return failed;
  const available = count(deployment, 'availableReplicas');
  const total = count(deployment, 'replicas');
  if (valueAt(deployment, 'spec', 'paused') === true) {
    const progress = `${available} of ${total} replicas available while it is paused`;
    return available < total ? progressingHealth(progress, deployment, pods, context) : settledHealth(pods, context);
  }
  const wanted = wantedReplicas(deployment);
  const updated = count(deployment, 'updatedReplicas');
  if (updated < wanted) return progressingHealth(`${updated} of ${wanted} replicas updated`, deployment, pods, context);
  if (available < updated)
    return progressingHealth(`${available} of ${wanted} replicas available`, deployment, pods, context);
  return total > updated
    ? progressingHealth(`${total - updated} old replicas are terminating`, deployment, pods, context)
    : settledHealth(pods, context);
}

function failedRollout(
  deployment: KubeObject,
  pods: readonly KubeObject[],
  context: HealthContext,
): Verdict | undefined {
  const failure = conditionOf(deployment, 'ReplicaFailure');
  if (failure?.status === 'True') return red(withoutGeneratedName(reasonAndMessage(failure)));
  const progressing = conditionOf(deployment, 'Progressing');
  if (progressing?.reason !== 'ProgressDeadlineExceeded') return undefined;
  const culprit = worstPodHealth(pods, context);
  return { ...red(culprit?.message ?? reasonAndMessage(progressing)), ...runOf(culprit) };
}

/** StatefulSet: all replicas of the range that a rollout may touch are of the newest revision, and all are ready. */
export function statefulSetHealth(set: KubeObject, context: HealthContext): Verdict {
  const wanted = wantedReplicas(set);
  const pods = podsSelectedBy(set, context.pods);
  const ready = count(set, 'readyReplicas');
  if (ready < wanted) return progressingHealth(`${ready} of ${wanted} replicas ready`, set, pods, context);
  const { type, partition } = rolloutOf(set);
  const due = type === 'OnDelete' ? 0 : wanted - partition;
  const updated = count(set, 'updatedReplicas');
  if (updated < due) return progressingHealth(`${updated} of ${due} replicas updated`, set, pods, context);
  return settledHealth(pods, context, updated < wanted ? partlyUpdated(type, updated, wanted) : undefined);
}

function partlyUpdated(type: string, updated: number, wanted: number): string {
  const why =
    type === 'OnDelete' ? 'updateStrategy OnDelete waits for somebody to delete them' : 'the partition says so';
  return `${wanted - updated} of ${wanted} replicas stay at an older revision: ${why}`;
}

/** DaemonSet: every node that should run its pod runs the newest one, available. */
export function daemonSetHealth(set: KubeObject, context: HealthContext): Verdict {
  const wanted = count(set, 'desiredNumberScheduled');
  const updated = rolloutOf(set).type === 'OnDelete' ? wanted : count(set, 'updatedNumberScheduled');
  const available = count(set, 'numberAvailable');
  const pods = podsSelectedBy(set, context.pods);
  if (updated < wanted) return progressingHealth(`${updated} of ${wanted} pods updated`, set, pods, context);
  return available < wanted
    ? progressingHealth(`${available} of ${wanted} pods available`, set, pods, context)
    : settledHealth(pods, context);
}

/** ReplicaSet and ReplicationController: all replicas are available. */
export function replicaSetHealth(set: KubeObject, context: HealthContext): Verdict {
  const wanted = wantedReplicas(set);
  const available = count(set, 'availableReplicas');
  const failure = conditionOf(set, 'ReplicaFailure');
  if (failure?.status === 'True') return red(withoutGeneratedName(reasonAndMessage(failure)));
  const pods = podsSelectedBy(set, context.pods);
  return available < wanted
    ? progressingHealth(`${available} of ${wanted} replicas available`, set, pods, context)
    : settledHealth(pods, context);
}

/**
 * During a rollout, the pods of the newest template: those of the one before may well be why it was replaced. Times are in seconds, so
 * two templates may be the newest.
 */
function newestPods(pods: readonly KubeObject[]): KubeObject[] {
  const newest = pods.map(createdAt).toSorted().at(-1);
  const hashOf = (pod: KubeObject): string | undefined => pod.metadata.labels?.[HASH_LABEL];
  const hashes = new Set(pods.filter((pod) => createdAt(pod) === newest).map(hashOf));
  return pods.filter((pod) => hashes.has(hashOf(pod)));
}

function createdAt(pod: KubeObject): string {
  return pod.metadata.creationTimestamp ?? '';
}

function wantedReplicas(object: KubeObject): number {
  return numberAt(object, 'spec', 'replicas') ?? 1;
}

function count(object: KubeObject, field: string): number {
  return numberAt(object, 'status', field) ?? 0;
}

function rolloutOf(set: KubeObject): { type: string; partition: number } {
  return {
    type: textAt(set, 'spec', 'updateStrategy', 'type') ?? 'RollingUpdate',
    partition: numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0,
  };
}
