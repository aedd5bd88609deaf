import { numberAt, textAt } from '../json.ts';
import { podsSelectedBy } from '../selector.ts';
import type { Health, KubeObject } from '../types.ts';
import { lastWarning } from './events.ts';
import { culpritOf } from './pods.ts';
import type { Surroundings } from './verdict.ts';
import { conditionOf, GREEN, red, wordsOf, yellow } from './verdict.ts';

const HASH_LABEL = 'pod-template-hash';

/** Deployment: all replicas are of the newest template and available. */
export function deploymentHealth(deployment: KubeObject, around: Surroundings): Health {
  const wanted = wantedReplicas(deployment);
  const updated = count(deployment, 'updatedReplicas');
  const available = count(deployment, 'availableReplicas');
  const total = count(deployment, 'replicas');
  const pods = newestPods(podsSelectedBy(deployment, around.pods));
  const failure = conditionOf(deployment, 'ReplicaFailure');
  if (failure?.status === 'True') return red(wordsOf(failure));
  const progressing = conditionOf(deployment, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return red(culpritOf(pods)?.message ?? wordsOf(progressing));
  }
  if (updated < wanted) return unfinished(`${updated} of ${wanted} replicas updated`, deployment, pods, around);
  if (available < updated) return unfinished(`${available} of ${wanted} replicas available`, deployment, pods, around);
  return total > updated ? unfinished(`${total - updated} old replicas are ending`, deployment, pods, around) : GREEN;
}

/** StatefulSet: all replicas of the range that a rollout may touch are of the newest revision, and all are ready. */
export function statefulSetHealth(set: KubeObject, around: Surroundings): Health {
  const wanted = wantedReplicas(set);
  const pods = podsSelectedBy(set, around.pods);
  const ready = count(set, 'readyReplicas');
  if (ready < wanted) return unfinished(`${ready} of ${wanted} replicas ready`, set, pods, around);
  const { type, partition } = rolloutOf(set);
  const due = type === 'OnDelete' ? 0 : wanted - partition;
  const updated = count(set, 'updatedReplicas');
  return updated < due ? unfinished(`${updated} of ${due} replicas updated`, set, pods, around) : GREEN;
}

/** DaemonSet: every node that should run its pod runs the newest one, available. */
export function daemonSetHealth(set: KubeObject, around: Surroundings): Health {
  const wanted = count(set, 'desiredNumberScheduled');
  const updated = rolloutOf(set).type === 'OnDelete' ? wanted : count(set, 'updatedNumberScheduled');
  const available = count(set, 'numberAvailable');
  const pods = podsSelectedBy(set, around.pods);
  if (updated < wanted) return unfinished(`${updated} of ${wanted} pods updated`, set, pods, around);
  return available < wanted ? unfinished(`${available} of ${wanted} pods available`, set, pods, around) : GREEN;
}

/** ReplicaSet and ReplicationController: all replicas are available. */
export function replicaSetHealth(set: KubeObject, around: Surroundings): Health {
  const wanted = wantedReplicas(set);
  const available = count(set, 'availableReplicas');
  const failure = conditionOf(set, 'ReplicaFailure');
  if (failure?.status === 'True') return red(wordsOf(failure));
  const pods = podsSelectedBy(set, around.pods);
  return available < wanted ? unfinished(`${available} of ${wanted} replicas available`, set, pods, around) : GREEN;
}

/** A rollout under way: what a pod, or else an event, tells of the cause decides. */
function unfinished(progress: string, object: KubeObject, pods: readonly KubeObject[], around: Surroundings): Health {
  // Pods that ended are replaced by their controller; what they died of is no longer the state of affairs.
  const culprit = culpritOf(pods.filter((pod) => textAt(pod, 'status', 'phase') !== 'Failed'));
  if (culprit?.health === 'Red') return culprit;
  const cause = culprit?.message ?? lastWarning(object, around.events);
  return yellow(cause === undefined ? progress : `${progress}; ${cause}`);
}

/**
 * During a rollout, the pods of the template that came last: those of the one before may well be why it was replaced. Times are
 * in seconds, so two templates may be the newest.
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
