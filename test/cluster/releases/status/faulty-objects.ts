// The parts of which faults are made.

/** How a container ended that crashed. */
export const CRASHED = {
  exitCode: 1,
  reason: 'Error',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:03Z',
};

/** The status of a pod whose container waits for this reason. */
export function waiting(reason: string, message: string, last?: object): object {
  const state = { waiting: { reason, message } };
  const lastState = last === undefined ? {} : { terminated: last };
  return podStatus('Running', { state, lastState, restartCount: last === undefined ? 0 : 5 });
}

/** The status of a pod that is not ready. */
export function podStatus(phase: string, container: object, readySince = '2026-01-01T00:00:00Z'): object {
  const conditions = [
    { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' },
    { type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: readySince },
  ];
  const status = { name: 'app', image: 'app', imageID: '', ready: false, restartCount: 0, ...container };
  return { phase, conditions, containerStatuses: [status] };
}

/** The state of a container that runs. */
export const RUNNING = { state: { running: { startedAt: '2026-01-01T00:01:00Z' } } };

interface WorkloadParts {
  readonly kind?: string;
  readonly image?: string;
  readonly replicas?: number;
  /** More of the pod's spec, of the workload's, and labels of the pod; in YAML's flow style. */
  readonly pod?: string;
  readonly spec?: string;
  readonly labels?: string;
}

/** A workload of one container, in a chart. */
export function workload(
  name: string,
  { kind = 'Deployment', image = 'app', replicas = 1, pod = '', spec = '', labels = '' }: WorkloadParts = {},
): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  ${kind === 'StatefulSet' ? `serviceName: ${name}` : ''}
  selector: {matchLabels: {app: ${name}}}
  ${spec}
  template:
    metadata: {labels: {app: ${name}${labels}}}
    spec: {${pod}containers: [{name: app, image: ${image}, resources: {requests: {cpu: 1m}}}]}
`;
}

/** A Job of one container, in a chart. */
export function job(name: string, spec: string, pod = '', labels = ''): string {
  return `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}}
spec:
  ${spec}
  template:
    metadata: {labels: {app: ${name}${labels}}}
    spec: {${pod}restartPolicy: Never, containers: [{name: app, image: app}]}
`;
}

/** Of a pod that no node has room for. */
export const NOWHERE = 'nodeSelector: {nowhere: "true"}, ';
/** A label by which a pod fails. */
export const FAILS = ', pod-container-running-failed.stage.kwok.x-k8s.io: "true"';
