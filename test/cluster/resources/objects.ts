import type { KubeObject } from '../../../resources/index.ts';

const labels = { app: 'web' };

function object(apiVersion: string, kind: string, name: string, fields: Record<string, unknown>): KubeObject {
  return { apiVersion, kind, metadata: { name }, ...fields };
}

const container = {
  name: 'app',
  image: 'nginx:1.27',
  // No protocol: the server completes the key of the item.
  ports: [
    { name: 'http', containerPort: 8080 },
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
    { containerPort: 53 },
  ],
  env: [
    { name: 'MODE', value: 'first' },
    { name: 'EMPTY', value: '' },
    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'MODE', value: 'second' },
  ],
  // Quantities that the server writes down otherwise.
  resources: { requests: { cpu: '1000m', memory: '1024Mi' }, limits: { cpu: 2, memory: '2147483648' } },
  securityContext: {},
  command: ['sh', '-c', 'sleep 1'],
  args: [],
  volumeMounts: [
    { name: 'data', mountPath: '/data' },
    { name: 'config', mountPath: '/config', subPath: '' },
  ],
  livenessProbe: { httpGet: { path: '/', port: 'http' }, initialDelaySeconds: 0 },
  lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 1'] } } },
};

const podSpec = {
  containers: [container],
  initContainers: [],
  volumes: [
    { name: 'data', emptyDir: {} },
    { name: 'config', configMap: { name: 'web', items: [{ key: 'a', path: 'a' }] } },
    { name: 'projected', projected: { sources: [{ secret: { name: 'web' } }] } },
  ],
  imagePullSecrets: [{ name: 'pull' }, { name: 'pull' }],
  nodeSelector: {},
  tolerations: [{ key: 'a', operator: 'Exists' }],
  affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels } },
  ],
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['a', 'b'] }],
  securityContext: { fsGroup: 1000, runAsNonRoot: false, sysctls: [] },
  serviceAccountName: 'web',
  dnsPolicy: 'ClusterFirst',
  terminationGracePeriodSeconds: 0,
};

const template = { metadata: { labels, annotations: { checksum: 'abc' }, creationTimestamp: null }, spec: podSpec };

/** Objects of many kinds, each with something that the API server stores otherwise than it was sent. */
export const NAMESPACED: readonly KubeObject[] = [
  object('v1', 'ServiceAccount', 'web', {
    secrets: [],
    imagePullSecrets: [{ name: 'pull' }],
    automountServiceAccountToken: true,
  }),
  object('v1', 'Secret', 'web', {
    type: 'Opaque',
    data: { a: 'YQ==', empty: '' },
    stringData: { b: 'plain', a: 'over' },
  }),
  object('v1', 'ConfigMap', 'web', { data: { a: 'x', 'b.yaml': 'y: 1\n', empty: '' }, binaryData: { bin: 'AAEC' } }),
  object('v1', 'ConfigMap', 'empty', { data: {} }),
  object('v1', 'PersistentVolumeClaim', 'web', {
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1024Mi' } } },
  }),
  object('rbac.authorization.k8s.io/v1', 'Role', 'web', {
    rules: [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
    ],
  }),
  object('rbac.authorization.k8s.io/v1', 'Role', 'empty', { rules: [] }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'web', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
    subjects: [
      { kind: 'ServiceAccount', name: 'web' },
      { kind: 'Group', name: 'web', apiGroup: 'rbac.authorization.k8s.io' },
    ],
  }),
  object('v1', 'Service', 'web', {
    spec: {
      type: 'ClusterIP',
      clusterIP: '',
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, targetPort: 53 },
      ],
      selector: labels,
      sessionAffinity: 'None',
    },
  }),
  object('v1', 'Service', 'nodeport', {
    spec: { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP' }], selector: labels },
  }),
  object('v1', 'Service', 'headless', { spec: { clusterIP: 'None', ports: [{ port: 80 }], selector: labels } }),
  object('apps/v1', 'Deployment', 'web', {
    spec: {
      replicas: 2,
      revisionHistoryLimit: 0,
      minReadySeconds: 0,
      selector: { matchLabels: labels },
      strategy: {},
      template,
    },
  }),
  object('apps/v1', 'StatefulSet', 'web', {
    spec: {
      serviceName: 'headless',
      replicas: 1,
      selector: { matchLabels: { app: 'set' } },
      template: { ...template, metadata: { labels: { app: 'set' } } },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1000Mi' } } },
        },
      ],
    },
  }),
  object('apps/v1', 'DaemonSet', 'web', {
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { ...template, metadata: { labels: { app: 'agent' } } },
    },
  }),
  object('batch/v1', 'Job', 'web', {
    spec: { backoffLimit: 0, template: { metadata: {}, spec: { ...podSpec, restartPolicy: 'Never' } } },
  }),
  object('batch/v1', 'CronJob', 'web', {
    spec: {
      schedule: '0 * * * *',
      suspend: false,
      jobTemplate: { spec: { template: { metadata: { labels }, spec: { ...podSpec, restartPolicy: 'OnFailure' } } } },
    },
  }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  }),
  object('policy/v1', 'PodDisruptionBudget', 'web', {
    spec: { maxUnavailable: '50%', selector: { matchLabels: labels } },
  }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'web', {
    spec: { podSelector: {}, ingress: [{}], egress: [], policyTypes: ['Ingress'] },
  }),
  object('networking.k8s.io/v1', 'Ingress', 'web', {
    spec: {
      rules: [
        {
          host: 'web.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
      tls: [{ hosts: ['web.example'], secretName: 'tls' }],
    },
  }),
  object('v1', 'ResourceQuota', 'web', { spec: { hard: { pods: 100, 'requests.cpu': '0.5k' } } }),
  object('v1', 'LimitRange', 'web', { spec: { limits: [{ type: 'Container', default: { cpu: '2000m' } }] } }),
];

/** The same for objects that live in no namespace; `suffix` keeps them apart from those of other tests. */
export function clusterScoped(suffix: string): KubeObject[] {
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
  return [
    object('scheduling.k8s.io/v1', 'PriorityClass', `web-${suffix}`, {
      value: 0,
      globalDefault: false,
      description: '',
    }),
    object('rbac.authorization.k8s.io/v1', 'ClusterRole', `web-${suffix}`, {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { none: 'such' } }] },
      rules: [],
    }),
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `gadgets.${suffix}.example`, {
      spec: {
        group: `${suffix}.example`,
        names: { kind: 'Gadget', plural: 'gadgets' },
        scope: 'Namespaced',
        preserveUnknownFields: false,
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: schema },
            additionalPrinterColumns: [],
          },
        ],
      },
    }),
    object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', `web-${suffix}`, {
      webhooks: [
        {
          name: `web.${suffix}.example`,
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          failurePolicy: 'Ignore',
          clientConfig: { service: { name: 'web', namespace: 'default', path: '/' } },
          rules: [{ apiGroups: ['none.example'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nones'] }],
        },
      ],
    }),
  ];
}

/** A custom resource with content that no schema describes. */
export function gadget(suffix: string): KubeObject {
  return object(`${suffix}.example/v1`, 'Gadget', 'web', {
    spec: {
      list: [{ name: 'a' }, { name: 'a' }],
      map: { empty: {}, nested: { n: 1.5 } },
      none: [],
      text: '',
      nothing: null,
    },
  });
}
