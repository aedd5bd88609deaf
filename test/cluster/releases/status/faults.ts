import type { HealthColour } from '../../../../crds/index.ts';
import { CRASHED, FAILS, job, NOWHERE, podStatus, RUNNING, waiting, workload } from './faulty-objects.ts';

/** A fault, how it is made to happen, and what a Release is to say of it. */
export interface Fault {
  /** Also the name of its Release and of its objects. */
  readonly name: string;
  readonly title: string;
  readonly templates: string;
  readonly colour: HealthColour;
  /** What the status says of the object, in one line. */
  readonly says: RegExp;
  /** Whether it needs a namespace in which no pod is allowed. */
  readonly withoutPods?: true;
  /** The status that a kubelet reports of the pods once they run. */
  readonly kubelet?: object;
  /** The Warning that it reports of them. */
  readonly warning?: { readonly reason: string; readonly message: string };
  /** Values that are set once the Release is ready. */
  readonly upgrade?: Record<string, unknown>;
  /** The object that is deleted once the Release is ready. */
  readonly deletes?: string;
}

/** The label of the objects that a webhook is asked about which never answers, and of those that a policy refuses. */
export const UNANSWERED_LABEL = 'asked-in-vain';
export const REFUSED_LABEL = 'refused';

export const FAULTS: readonly Fault[] = [
  {
    name: 'pull',
    title: 'an image that cannot be pulled',
    templates: workload('pull', { image: '"app:broken"' }),
    colour: 'Red',
    says: /^pod pull-\S+ container app: .*Image/,
  },
  {
    name: 'crash',
    title: 'a container that crashes',
    templates: workload('crash'),
    kubelet: waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container=app pod=crash_test(1)', CRASHED),
    colour: 'Red',
    says: /^pod crash-\S+ container app: CrashLoopBackOff: back-off 5m0s \(last: Error, exit code 1\)$/,
  },
  {
    name: 'memory',
    title: 'a container that uses too much memory',
    templates: workload('memory', { kind: 'StatefulSet' }),
    kubelet: waiting('CrashLoopBackOff', 'back-off', { ...CRASHED, reason: 'OOMKilled', exitCode: 137 }),
    colour: 'Red',
    says: /^pod memory-0 container app: CrashLoopBackOff: back-off \(last: OOMKilled, exit code 137\)$/,
  },
  {
    name: 'config',
    title: 'a Secret that a container needs and that does not exist',
    templates: workload('config'),
    kubelet: waiting('CreateContainerConfigError', 'secret "db" not found'),
    colour: 'Red',
    says: /^pod config-\S+ container app: CreateContainerConfigError: secret "db" not found$/,
  },
  {
    name: 'nowhere',
    title: 'a pod that no node has room for',
    templates: workload('nowhere', { pod: NOWHERE }),
    colour: 'Red',
    says: /^pod nowhere-\S+ Unschedulable: 0\/3 nodes are available: .*node affinity/,
  },
  {
    name: 'mount',
    title: 'a volume that cannot be mounted',
    templates: workload('mount'),
    kubelet: podStatus('Pending', { state: { waiting: { reason: 'ContainerCreating' } } }),
    warning: { reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "c": configmap "c" not found' },
    colour: 'Red',
    says: /^pod mount-\S+ container app: ContainerCreating; FailedMount: .*configmap "c" not found$/,
  },
  {
    name: 'probe',
    title: 'a failing probe of a container that was ready',
    templates: workload('probe'),
    kubelet: podStatus('Running', RUNNING, '2026-01-01T01:00:00Z'),
    warning: { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' },
    colour: 'Red',
    says: /^pod probe-\S+ container app is not ready; Unhealthy: Readiness probe failed: .*503$/,
  },
  {
    name: 'starting',
    title: 'a probe that has failed since the start: the container may be slow',
    templates: workload('starting'),
    kubelet: podStatus('Running', RUNNING),
    warning: { reason: 'Unhealthy', message: 'Readiness probe failed: connection refused' },
    colour: 'Yellow',
    says: /; pod starting-\S+ container app is not ready; Unhealthy: Readiness probe failed: connection refused$/,
  },
  {
    name: 'deadline',
    title: 'a rollout past its deadline',
    templates: workload('deadline', { pod: NOWHERE, spec: 'progressDeadlineSeconds: 1' }),
    colour: 'Red',
    says: /^pod deadline-\S+ Unschedulable: /,
  },
  {
    name: 'account',
    title: 'pods without their service account',
    templates: workload('account', { pod: 'serviceAccountName: ghost, ' }),
    colour: 'Red',
    says: /^FailedCreate: error looking up service account .*serviceaccount "ghost" not found/,
  },
  {
    name: 'refusedpods',
    title: 'a webhook that does not answer for pods',
    templates: workload('refusedpods', { labels: `, ${UNANSWERED_LABEL}: "true"` }),
    colour: 'Red',
    says: /^FailedCreate: .*failed calling webhook "silent\.example\.com"/,
  },
  {
    name: 'unanswered',
    title: 'a webhook that does not answer for an object of the chart: it may come back',
    templates: `{apiVersion: v1, kind: ConfigMap, metadata: {name: unanswered, labels: {${UNANSWERED_LABEL}: "true"}}}`,
    colour: 'Yellow',
    says: /failed calling webhook "silent\.example\.com"/,
  },
  {
    name: 'refused',
    title: 'a policy that refuses an object of the chart',
    templates: `{apiVersion: v1, kind: ConfigMap, metadata: {name: refused, labels: {${REFUSED_LABEL}: "true"}}}`,
    colour: 'Red',
    says: /denied request: not in this namespace/,
  },
  {
    name: 'quota',
    title: 'a quota that forbids a Deployment its pods',
    templates: workload('quota'),
    withoutPods: true,
    colour: 'Red',
    says: /^FailedCreate: exceeded quota: none/,
  },
  {
    name: 'quotaset',
    title: 'a quota that forbids a StatefulSet its pods, as shown by Events',
    templates: workload('quotaset', { kind: 'StatefulSet' }),
    withoutPods: true,
    colour: 'Red',
    says: /^FailedCreate: exceeded quota: none/,
  },
  {
    name: 'quotajob',
    title: 'a quota that forbids a Job its pod, as shown by Events',
    templates: job('quotajob', ''),
    withoutPods: true,
    colour: 'Red',
    says: /^FailedCreate: exceeded quota: none/,
  },
  {
    name: 'failedjob',
    title: 'a Job that failed',
    templates: job('failedjob', 'backoffLimit: 0', '', FAILS),
    colour: 'Red',
    says: /^BackoffLimitExceeded: .*; pod failedjob-\S+ container app: .*exit code 1/,
  },
  {
    name: 'latejob',
    title: 'a Job past its deadline',
    templates: job('latejob', 'activeDeadlineSeconds: 2', NOWHERE),
    colour: 'Red',
    says: /^DeadlineExceeded: Job was active longer than specified deadline/,
  },
  {
    name: 'claim',
    title: 'a claim of a storage class that does not exist',
    templates: `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: claim}
spec: {storageClassName: nowhere, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
    colour: 'Red',
    says: /^ProvisioningFailed: storageclass\.storage\.k8s\.io "nowhere" not found$/,
  },
  {
    name: 'balancer',
    title: 'a load balancer that nobody provides: it may come',
    templates:
      '{apiVersion: v1, kind: Service, metadata: {name: balancer}, spec: {type: LoadBalancer, ports: [{port: 80}]}}',
    colour: 'Yellow',
    says: /^is waiting for a load balancer$/,
  },
  {
    name: 'finalizer',
    title: 'a deletion that a finalizer holds up',
    templates:
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: finalizer, finalizers: [example.com/never]}, data: {a: b}}',
    deletes: 'configmap/finalizer',
    colour: 'Yellow',
    says: /^is being deleted, held by its finalizers example\.com\/never$/,
  },
  {
    name: 'partition',
    title: 'a StatefulSet that is deliberately updated in part',
    templates: workload('partition', {
      kind: 'StatefulSet',
      image: '"app:{{ .Values.tag | default 1 }}"',
      replicas: 2,
      spec: 'updateStrategy: {rollingUpdate: {partition: 1}}',
    }),
    upgrade: { tag: '2' },
    colour: 'Green',
    says: /^1 of 2 replicas stay at an older revision: the partition says so$/,
  },
  {
    name: 'metrics',
    title: 'an autoscaler that cannot read metrics',
    templates: `${workload('metrics')}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: metrics}
spec:
  maxReplicas: 2
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: metrics}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`,
    colour: 'Green',
    says: /^does not scale: FailedGetResourceMetric: /,
  },
  {
    name: 'budget',
    title: 'a disruption budget that blocks every drain',
    templates: `${workload('budget')}---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: budget}
spec: {minAvailable: 1, selector: {matchLabels: {app: budget}}}
`,
    colour: 'Green',
    says: /^allows no disruption: 1 of 1 pods have to stay/,
  },
  {
    name: 'classless',
    title: 'an Ingress without a class',
    templates: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: classless}
spec: {defaultBackend: {service: {name: classless, port: {number: 80}}}}
`,
    colour: 'Green',
    says: /^names no ingress class/,
  },
];
