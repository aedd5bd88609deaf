import { healthOf, isMap, listAt, numberAt, textAt, valueAt, type KubeObject } from '../../../resources/index.ts';
import type { ContainerView, TreeNode } from '../../api/index.ts';

/** A pod of the tree with its containers, as they are at the moment. */
export function podNode(pod: KubeObject): TreeNode {
  const { name, namespace, uid = name, creationTimestamp } = pod.metadata;
  const { health, message } = healthOf(pod, { pods: [pod] });
  const node = textAt(pod, 'spec', 'nodeName');
  return {
    id: uid,
    kind: 'Pod',
    name,
    ...(namespace !== undefined && { namespace }),
    health,
    ...(message !== undefined && { cause: message }),
    children: [],
    containers: containersOf(pod),
    ...(node !== undefined && { node }),
    ...(creationTimestamp !== undefined && { created: creationTimestamp }),
  };
}

/** Those that run first ahead. */
function containersOf(pod: KubeObject): ContainerView[] {
  return [
    ...listAt(pod, 'spec', 'initContainers').map((container) => containerView(pod, container, true)),
    ...listAt(pod, 'spec', 'containers').map((container) => containerView(pod, container, false)),
  ];
}

function containerView(pod: KubeObject, container: unknown, init: boolean): ContainerView {
  const name = textAt(container, 'name') ?? '';
  const statuses = listAt(pod, 'status', init ? 'initContainerStatuses' : 'containerStatuses');
  const status = statuses.find((each) => textAt(each, 'name') === name);
  const cause = causeOf(status);
  const lastEnded = textAt(status, 'lastState', 'terminated', 'finishedAt');
  return {
    name,
    image: textAt(container, 'image') ?? '',
    init,
    health: healthOfContainer(status),
    state: stateOf(status),
    ...(cause !== undefined && { cause }),
    restarts: numberAt(status, 'restartCount') ?? 0,
    restartedAt: restartTimes(status),
    ...(lastEnded !== undefined && { lastEnded }),
  };
}

/** A status tells when the present run and the one before began: by its number, each but the first is a restart. While it waits, none is present. */
function restartTimes(status: unknown): string[] {
  const restarts = numberAt(status, 'restartCount') ?? 0;
  const last = textAt(status, 'lastState', 'terminated', 'startedAt');
  const present = textAt(status, 'state', 'running', 'startedAt') ?? textAt(status, 'state', 'terminated', 'startedAt');
  const runs = isMap(valueAt(status, 'state', 'waiting')) ? [last] : [present, last];
  return runs.slice(0, restarts).filter((at) => at !== undefined);
}

function stateOf(status: unknown): string {
  if (isMap(valueAt(status, 'state', 'running'))) return 'Running';
  const reason = textAt(status, 'state', 'waiting', 'reason') ?? textAt(status, 'state', 'terminated', 'reason');
  return reason ?? 'Waiting';
}

const BROKEN = /BackOff|Err|Failed|Invalid|OOMKilled/;

function healthOfContainer(status: unknown): ContainerView['health'] {
  if (status === undefined) return 'Unknown';
  const exitCode = numberAt(status, 'state', 'terminated', 'exitCode');
  if (exitCode !== undefined) return exitCode === 0 ? 'Green' : 'Red';
  if (isMap(valueAt(status, 'state', 'running'))) return valueAt(status, 'ready') === true ? 'Green' : 'Yellow';
  return BROKEN.test(stateOf(status)) ? 'Red' : 'Yellow';
}

/** What is said of its state, or of the end of the run before. */
function causeOf(status: unknown): string | undefined {
  const said = textAt(status, 'state', 'waiting', 'message') ?? textAt(status, 'state', 'terminated', 'message');
  const exitCode = numberAt(status, 'lastState', 'terminated', 'exitCode');
  const reason = textAt(status, 'lastState', 'terminated', 'reason') ?? 'Error';
  const before = exitCode === undefined ? undefined : `ended before: ${reason}, exit code ${exitCode}`;
  return [said, before].filter((text) => text !== undefined && text !== '').join('; ') || undefined;
}
