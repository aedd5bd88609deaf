import type { JsonMap } from '../../../resources/json/json.ts';

/** What changes between two versions, and its fields in the first and in the second. */
export type Parts = readonly [title: string, before: JsonMap, after: JsonMap];

const HTTP = { httpGet: { path: '/', port: 80 } };
const TCP = { tcpSocket: { port: 80 } };
const EXEC = { exec: { command: ['true'] } };
const GRPC = { grpc: { port: 80 } };
const FIELD = { fieldRef: { fieldPath: 'metadata.name' } };
const KEY = { configMapKeyRef: { name: 'x', key: 'k', optional: true } };
const METADATA_ITEM = { path: 'name', fieldRef: { fieldPath: 'metadata.name' } };

/** Sources of a volume that exclude each other. */
const SOURCES: readonly JsonMap[] = [
  {},
  { configMap: { name: 'x', optional: true } },
  { emptyDir: { medium: 'Memory' } },
  { secret: { secretName: 'x', optional: true } },
  { hostPath: { path: '/x' } },
  { downwardAPI: { items: [METADATA_ITEM] } },
  { projected: { sources: [{ configMap: { name: 'x' } }] } },
  { persistentVolumeClaim: { claimName: 'x' } },
  { nfs: { server: 'x', path: '/x' } },
  { csi: { driver: 'd.example.com' } },
  {
    ephemeral: {
      volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    },
  },
  { iscsi: { targetPortal: '10.0.0.1:3260', iqn: 'iqn.2001-04.com.example:x', lun: 0 } },
  {},
];

const VOLUMES = SOURCES.slice(1).map((source, index): Parts => {
  const volumes = (given: JsonMap): JsonMap => ({ volumes: [{ name: 'v', ...given }] });
  const before = SOURCES[index] ?? {};
  const nameOf = (given: JsonMap): string => Object.keys(given)[0] ?? 'no source';
  return [`volume ${nameOf(before)} > ${nameOf(source)}`, volumes(before), volumes(source)];
});

/** Of a container of a Deployment. */
export const IN_CONTAINERS: readonly Parts[] = [
  ...[HTTP, TCP, EXEC, GRPC, HTTP].flatMap((probe, index, all): Parts[] => {
    const next = all[index + 1];
    if (!next) return [];
    const title = `${Object.keys(probe)[0]} > ${Object.keys(next)[0]}`;
    return [
      [`liveness ${title}`, { livenessProbe: probe }, { livenessProbe: next }],
      [`startup ${title}`, { startupProbe: { ...probe, periodSeconds: 3 } }, { startupProbe: next }],
    ];
  }),
  ['lifecycle', { lifecycle: { postStart: HTTP, preStop: EXEC } }, { lifecycle: { postStart: EXEC, preStop: HTTP } }],
  ['value > valueFrom', { env: [{ name: 'A', value: 'x' }] }, { env: [{ name: 'A', valueFrom: FIELD }] }],
  ['no value > valueFrom', { env: [{ name: 'A' }] }, { env: [{ name: 'A', valueFrom: FIELD }] }],
  ['valueFrom > value', { env: [{ name: 'A', valueFrom: FIELD }] }, { env: [{ name: 'A', value: 'x' }] }],
  ['fieldRef > configMapKeyRef', { env: [{ name: 'A', valueFrom: FIELD }] }, { env: [{ name: 'A', valueFrom: KEY }] }],
  ['configMapKeyRef > fieldRef', { env: [{ name: 'A', valueFrom: KEY }] }, { env: [{ name: 'A', valueFrom: FIELD }] }],
  ['envFrom', { envFrom: [{ configMapRef: { name: 'x' } }] }, { envFrom: [{ secretRef: { name: 'x' } }] }],
  ['protocol', { ports: [{ containerPort: 53 }] }, { ports: [{ containerPort: 53, protocol: 'UDP' }] }],
  ['port', { ports: [{ name: 'p', containerPort: 53 }] }, { ports: [{ name: 'p', containerPort: 54 }] }],
  ['port name', { ports: [{ name: 'p', containerPort: 53 }] }, { ports: [{ name: 'q', containerPort: 53 }] }],
  [
    'mount',
    { volumeMounts: [{ name: 'w', mountPath: '/a' }] },
    { volumeMounts: [{ name: 'w', mountPath: '/b', subPath: 'x' }] },
  ],
  ['limits', { resources: { limits: { cpu: '1' } } }, { resources: { requests: { cpu: '2' } } }],
];

/** Of the pods of a Deployment. */
export const IN_PODS: readonly Parts[] = [
  ...VOLUMES,
  ['account', { serviceAccountName: 'a' }, { serviceAccountName: 'b' }],
  ['no account', { serviceAccountName: 'a' }, {}],
  ['host network', { hostNetwork: true }, { hostNetwork: false }],
  ['dns', { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } }, {}],
  [
    'seccomp',
    { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'x' } } },
    { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
  ],
  ['toleration', { tolerations: [{ key: 'a', operator: 'Exists' }] }, { tolerations: [{ key: 'a', value: 'x' }] }],
  ['node selector', { nodeSelector: { a: '1', b: '2' } }, { nodeSelector: { a: '1' } }],
  [
    'init',
    { initContainers: [{ name: 'i', image: 'i' }] },
    { initContainers: [{ name: 'j', image: 'i', restartPolicy: 'Always' }] },
  ],
];

/** The template of pods with fields of their own, and of their container. */
export function podTemplate(pod: JsonMap, container: JsonMap): JsonMap {
  const containers = [{ name: 'c', image: 'nginx:1', ...container }];
  const volumes = [{ name: 'w', emptyDir: {} }];
  return { metadata: { labels: { app: 'a' } }, spec: { volumes, nodeSelector: { none: '' }, ...pod, containers } };
}
