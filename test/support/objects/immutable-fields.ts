import type { KubeObject } from '../../../resources/index.ts';
import type { JsonMap } from '../../../resources/json/json.ts';

/** A change of a field that the API server does not change in an object, and what becomes of it unless more is allowed. */
export interface FieldChange {
  readonly title: string;
  readonly before: KubeObject;
  readonly after: KubeObject;
  readonly outcome: 'created again' | 'refused';
}

const LABELS = { app: 'a' };
const OTHER = { app: 'a', part: 'b' };
const container = { name: 'main', image: 'example.com/app:1' };
const templateOf = (labels: object, more: object = {}): JsonMap => ({
  metadata: { labels },
  spec: { containers: [container], ...more },
});
const selecting = (labels: object): JsonMap => ({ selector: { matchLabels: labels }, template: templateOf(OTHER) });
const job = (more: object): JsonMap => ({
  spec: { suspend: true, template: templateOf(LABELS, { restartPolicy: 'Never' }), ...more },
});
const claimOf = (spec: object = {}, metadata: object = {}): JsonMap => ({
  metadata: { name: 'data', ...metadata },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } }, ...spec },
});
const smaller = { resources: { requests: { storage: '1Gi' } } };
const set = (more: object): JsonMap => ({
  spec: { replicas: 1, serviceName: 'x', volumeClaimTemplates: [claimOf()], ...selecting(LABELS), ...more },
});
const role = (name: string): JsonMap => ({
  apiGroup: 'rbac.authorization.k8s.io',
  kind: 'ClusterRole',
  name,
});
const binding = (name: string, subject: string): JsonMap => ({
  roleRef: role(name),
  subjects: [{ kind: 'ServiceAccount', name: subject }],
});
const clusterBinding = (name: string): JsonMap => ({
  roleRef: role(name),
  subjects: [{ kind: 'ServiceAccount', name: 'nobody', namespace: 'none' }],
});
const storage = (more: object): JsonMap => ({ provisioner: 'none.example.com', parameters: { a: 'b' }, ...more });
const service = (more: object): JsonMap => ({ spec: { ports: [{ port: 80 }], ...more } });
const volume = (path: string): JsonMap => ({
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path } },
});
const definition = (scope: string): JsonMap => ({
  spec: {
    group: 'immutable.example.com',
    names: { kind: 'Cat', plural: 'cats' },
    scope,
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
});
const RBAC = 'rbac.authorization.k8s.io/v1';
const STORAGE = 'storage.k8s.io/v1';

type Row = readonly [
  title: string,
  apiVersion: string,
  kind: string,
  before: JsonMap,
  after: JsonMap,
  outcome: FieldChange['outcome'],
];

const [AGAIN, REFUSED] = ['created again', 'refused'] as const;

// prettier-ignore
const ROWS: readonly Row[] = [
  ['template of a Job', 'batch/v1', 'Job', job({}), job({ template: templateOf(LABELS, { restartPolicy: 'Never', containers: [{ ...container, image: 'example.com/app:2' }] }) }), AGAIN],
  ['completion mode of a Job', 'batch/v1', 'Job', job({ completions: 1 }), job({ completions: 1, completionMode: 'Indexed' }), AGAIN],
  ['selector of a Deployment', 'apps/v1', 'Deployment', { spec: selecting(LABELS) }, { spec: selecting(OTHER) }, AGAIN],
  ['selector of a DaemonSet', 'apps/v1', 'DaemonSet', { spec: selecting(LABELS) }, { spec: selecting(OTHER) }, AGAIN],
  ['selector of a ReplicaSet', 'apps/v1', 'ReplicaSet', { spec: selecting(LABELS) }, { spec: selecting(OTHER) }, AGAIN],
  ['clusterIP of a Service', 'v1', 'Service', service({}), service({ clusterIP: 'None' }), AGAIN],
  ['data of an immutable ConfigMap', 'v1', 'ConfigMap', { immutable: true, data: { a: '1' } }, { immutable: true, data: { a: '2' } }, AGAIN],
  ['immutable of a ConfigMap', 'v1', 'ConfigMap', { immutable: true, data: { a: '1' } }, { immutable: false, data: { a: '1' } }, AGAIN],
  ['data of an immutable Secret', 'v1', 'Secret', { immutable: true, stringData: { a: '1' } }, { immutable: true, stringData: { a: '2' } }, AGAIN],
  ['type of a Secret', 'v1', 'Secret', { type: 'Opaque', stringData: { a: '1' } }, { type: 'example.com/other', stringData: { a: '1' } }, AGAIN],
  ['roleRef of a RoleBinding', RBAC, 'RoleBinding', binding('view', 'nobody'), binding('edit', 'nobody'), AGAIN],
  ['roleRef of a ClusterRoleBinding', RBAC, 'ClusterRoleBinding', clusterBinding('view'), clusterBinding('edit'), AGAIN],
  ['provisioner of a StorageClass', STORAGE, 'StorageClass', storage({}), storage({ provisioner: 'other.example.com' }), AGAIN],
  ['parameters of a StorageClass', STORAGE, 'StorageClass', storage({}), storage({ parameters: { a: 'c' } }), AGAIN],
  ['reclaimPolicy of a StorageClass', STORAGE, 'StorageClass', storage({}), storage({ reclaimPolicy: 'Retain' }), AGAIN],
  ['volumeBindingMode of a StorageClass', STORAGE, 'StorageClass', storage({}), storage({ volumeBindingMode: 'WaitForFirstConsumer' }), AGAIN],
  ['attachRequired of a CSIDriver', STORAGE, 'CSIDriver', { spec: { attachRequired: true } }, { spec: { attachRequired: false } }, AGAIN],
  ['value of a PriorityClass', 'scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }, { value: 2 }, AGAIN],
  ['controller of an IngressClass', 'networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'a.example.com/a' } }, { spec: { controller: 'a.example.com/b' } }, AGAIN],
  ['handler of a RuntimeClass', 'node.k8s.io/v1', 'RuntimeClass', { handler: 'a' }, { handler: 'b' }, AGAIN],
  ['addressType of an EndpointSlice', 'discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [] }, { addressType: 'IPv6', endpoints: [] }, AGAIN],
  ['scopes of a ResourceQuota', 'v1', 'ResourceQuota', { spec: { hard: { pods: '99' }, scopes: ['Terminating'] } }, { spec: { hard: { pods: '99' }, scopes: ['NotTerminating'] } }, AGAIN],
  ['serviceName of a StatefulSet', 'apps/v1', 'StatefulSet', set({}), set({ serviceName: 'y' }), AGAIN],
  ['podManagementPolicy of a StatefulSet', 'apps/v1', 'StatefulSet', set({}), set({ podManagementPolicy: 'Parallel' }), AGAIN],
  ['labels of claims of a StatefulSet', 'apps/v1', 'StatefulSet', set({}), set({ volumeClaimTemplates: [claimOf({}, { labels: { chart: '2' } })] }), AGAIN],
  ['less storage for claims of a StatefulSet', 'apps/v1', 'StatefulSet', set({}), set({ volumeClaimTemplates: [claimOf(smaller)] }), REFUSED],
  ['storage class of claims of a StatefulSet', 'apps/v1', 'StatefulSet', set({}), set({ volumeClaimTemplates: [claimOf({ storageClassName: 'other' })] }), REFUSED],
  ['name of claims of a StatefulSet', 'apps/v1', 'StatefulSet', set({}), set({ volumeClaimTemplates: [claimOf({}, { name: 'other' })] }), REFUSED],
  ['selector of a StatefulSet', 'apps/v1', 'StatefulSet', set({}), set(selecting(OTHER)), REFUSED],
  ['access modes of a claim', 'v1', 'PersistentVolumeClaim', claimOf(), claimOf({ accessModes: ['ReadWriteMany'] }), REFUSED],
  ['less storage for a claim', 'v1', 'PersistentVolumeClaim', claimOf(), claimOf(smaller), REFUSED],
  ['source of a volume', 'v1', 'PersistentVolume', volume('/a'), volume('/b'), REFUSED],
  ['load balancer class of a Service', 'v1', 'Service', service({ type: 'LoadBalancer', loadBalancerClass: 'e.example.com/a' }), service({ type: 'LoadBalancer', loadBalancerClass: 'e.example.com/b' }), REFUSED],
  ['command of a Pod', 'v1', 'Pod', { spec: { containers: [container] } }, { spec: { containers: [{ ...container, command: ['x'] }] } }, REFUSED],
  ['roleRef of the own RoleBinding', RBAC, 'RoleBinding', binding('view', 'default'), binding('edit', 'default'), REFUSED],
  ['scope of a definition', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition', definition('Namespaced'), definition('Cluster'), REFUSED],
];

/** The table, its objects named by their rows. */
export const IMMUTABLE_FIELDS: readonly FieldChange[] = ROWS.map(
  ([title, apiVersion, kind, before, after, outcome], index) => {
    const name = kind === 'CustomResourceDefinition' ? 'cats.immutable.example.com' : `row-${index}`;
    const named = (parts: JsonMap): KubeObject => ({ apiVersion, kind, ...parts, metadata: { name } });
    return { title, before: named(before), after: named(after), outcome };
  },
);
