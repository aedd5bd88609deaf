import type { KubeObject } from '../../../resources/index.ts';
import type { JsonMap } from '../../../resources/json/json.ts';
import { IN_CONTAINERS, IN_PODS, podTemplate, type Parts } from './pod-transitions.ts';

/** One object in two versions of a chart. */
export interface Transition {
  readonly title: string;
  readonly before: KubeObject;
  readonly after: KubeObject;
}

/** Of a Deployment. */
const IN_DEPLOYMENTS: readonly Parts[] = [
  ['default > Recreate', {}, { strategy: { type: 'Recreate' } }],
  ['maxSurge > Recreate', { strategy: { rollingUpdate: { maxSurge: 2 } } }, { strategy: { type: 'Recreate' } }],
  ['Recreate > default', { strategy: { type: 'Recreate' } }, {}],
];

const SERVICE_PORT = { port: 80, targetPort: 8080 };
const RULE = { apiGroups: ['none.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['none'] };
const HOOK = {
  name: 'a.example.com',
  rules: [RULE],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  failurePolicy: 'Ignore',
};
const SERVED = { service: { name: 'x', namespace: 'none' } };
const CLAIM = {
  metadata: { name: 'd' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const WORKLOAD = { selector: { matchLabels: { app: 'a' } }, template: podTemplate({}, {}) };
const TARGET = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }, maxReplicas: 3 };
const BACKEND = (port: JsonMap): JsonMap => ({ service: { name: 'x', port } });
const QUEUED = { limitResponse: { type: 'Queue', queuing: { queues: 16 } } };

/** Of other kinds: the type of the object, and what changes in it. */
const OTHERS: readonly (readonly [apiVersion: string, kind: string, ...Parts])[] = [
  [
    'apps/v1',
    'DaemonSet',
    'default > OnDelete',
    { spec: WORKLOAD },
    { spec: { ...WORKLOAD, updateStrategy: { type: 'OnDelete' } } },
  ],
  [
    'apps/v1',
    'StatefulSet',
    'partition > OnDelete',
    {
      spec: {
        ...WORKLOAD,
        serviceName: 'x',
        replicas: 0,
        volumeClaimTemplates: [CLAIM],
        updateStrategy: { rollingUpdate: { partition: 1 } },
      },
    },
    {
      spec: {
        ...WORKLOAD,
        serviceName: 'x',
        replicas: 0,
        volumeClaimTemplates: [CLAIM],
        updateStrategy: { type: 'OnDelete' },
      },
    },
  ],
  [
    'v1',
    'Service',
    'ClusterIP > NodePort',
    { spec: { ports: [SERVICE_PORT] } },
    { spec: { type: 'NodePort', ports: [SERVICE_PORT] } },
  ],
  [
    'v1',
    'Service',
    'NodePort > ClusterIP',
    { spec: { type: 'NodePort', ports: [SERVICE_PORT] } },
    { spec: { ports: [SERVICE_PORT] } },
  ],
  [
    'v1',
    'Service',
    'LoadBalancer > ClusterIP',
    { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [SERVICE_PORT] } },
    { spec: { type: 'ClusterIP', ports: [SERVICE_PORT] } },
  ],
  [
    'v1',
    'Service',
    'Local > Cluster',
    { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [SERVICE_PORT] } },
    { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', ports: [SERVICE_PORT] } },
  ],
  [
    'v1',
    'Service',
    'ClusterIP > ExternalName',
    { spec: { ports: [SERVICE_PORT] } },
    { spec: { type: 'ExternalName', externalName: 'a.example.com' } },
  ],
  [
    'v1',
    'Service',
    'ExternalName > ClusterIP',
    { spec: { type: 'ExternalName', externalName: 'a.example.com' } },
    { spec: { type: 'ClusterIP', ports: [SERVICE_PORT] } },
  ],
  [
    'v1',
    'Service',
    'affinity',
    { spec: { sessionAffinity: 'ClientIP', ports: [SERVICE_PORT] } },
    { spec: { sessionAffinity: 'None', ports: [SERVICE_PORT] } },
  ],
  [
    'v1',
    'Service',
    'no affinity',
    { spec: { sessionAffinity: 'ClientIP', ports: [SERVICE_PORT] } },
    { spec: { ports: [SERVICE_PORT] } },
  ],
  ['v1', 'Service', 'port', { spec: { ports: [{ port: 80 }] } }, { spec: { ports: [{ port: 81 }] } }],
  [
    'v1',
    'Service',
    'protocol',
    { spec: { ports: [{ port: 53 }] } },
    { spec: { ports: [{ port: 53, protocol: 'UDP' }] } },
  ],
  [
    'v1',
    'Service',
    'target',
    { spec: { ports: [{ port: 80 }] } },
    { spec: { ports: [{ port: 80, targetPort: 'http' }] } },
  ],
  ['v1', 'ConfigMap', 'data > binaryData', { data: { a: 'x' } }, { binaryData: { a: 'eA==' } }],
  [
    'policy/v1',
    'PodDisruptionBudget',
    'min > max',
    { spec: { minAvailable: 1, selector: WORKLOAD.selector } },
    { spec: { maxUnavailable: 1, selector: WORKLOAD.selector } },
  ],
  [
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'default metric',
    { spec: TARGET },
    {
      spec: {
        ...TARGET,
        metrics: [
          { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
        ],
      },
    },
  ],
  [
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'behaviour',
    { spec: { ...TARGET, behavior: { scaleDown: { stabilizationWindowSeconds: 5 } } } },
    { spec: TARGET },
  ],
  [
    'networking.k8s.io/v1',
    'Ingress',
    'port',
    { spec: { defaultBackend: BACKEND({ number: 80 }) } },
    { spec: { defaultBackend: BACKEND({ name: 'http' }) } },
  ],
  [
    'networking.k8s.io/v1',
    'Ingress',
    'backend',
    { spec: { defaultBackend: BACKEND({ number: 80 }) } },
    { spec: { defaultBackend: { resource: { kind: 'X', name: 'x' } } } },
  ],
  [
    'networking.k8s.io/v1',
    'NetworkPolicy',
    'types',
    { spec: { podSelector: { matchLabels: { a: '1', b: '2' } }, egress: [{}] } },
    { spec: { podSelector: { matchLabels: { a: '1' } }, policyTypes: ['Ingress'] } },
  ],
  [
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    'service > url',
    { webhooks: [{ ...HOOK, clientConfig: SERVED }] },
    { webhooks: [{ ...HOOK, clientConfig: { url: 'https://example.com/x' } }] },
  ],
  [
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'url > service',
    { webhooks: [{ ...HOOK, clientConfig: { url: 'https://example.com/x' } }] },
    { webhooks: [{ ...HOOK, clientConfig: SERVED }] },
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1',
    'PriorityLevelConfiguration',
    'queue > reject',
    { spec: { type: 'Limited', limited: QUEUED } },
    { spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } } },
  ],
];

/** Objects in which a default of the server, or another value before, is in the way of what comes after. */
export function transitions(prefix: string): Transition[] {
  const of = (apiVersion: string, kind: string, [title, before, after]: Parts, index: number): Transition => {
    const made = (fields: JsonMap): KubeObject => ({
      apiVersion,
      kind,
      metadata: { name: `${prefix}-${index}` },
      ...fields,
    });
    return { title: `${kind} ${title}`, before: made(before), after: made(after) };
  };
  const deployed: readonly Parts[] = [
    ...IN_CONTAINERS.map(([title, ...both]) =>
      asParts(
        title,
        both.map((fields) => ({ template: podTemplate({}, fields) })),
      ),
    ),
    ...IN_PODS.map(([title, ...both]) =>
      asParts(
        title,
        both.map((fields) => ({ template: podTemplate(fields, {}) })),
      ),
    ),
    ...IN_DEPLOYMENTS.map(([title, ...both]) => asParts(title, both)),
  ];
  const deployments = deployed.map(([title, ...both]) =>
    asParts(
      title,
      both.map((spec) => ({ spec: { ...WORKLOAD, replicas: 0, ...spec } })),
    ),
  );
  return [
    ...deployments.map((parts, index) => of('apps/v1', 'Deployment', parts, index)),
    ...OTHERS.map(([apiVersion, kind, ...parts], index) => of(apiVersion, kind, parts, deployments.length + index)),
  ];
}

function asParts(title: string, [before = {}, after = {}]: readonly JsonMap[]): Parts {
  return [title, before, after];
}
