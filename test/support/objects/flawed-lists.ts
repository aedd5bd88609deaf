import { isMap, mapAt, type JsonMap } from '../../../resources/json/json.ts';
import type { KubeObject } from '../../../resources/index.ts';
import type { KeyedList } from './keyed-lists.ts';

// Objects with a list that an apply refuses.

const POD = {
  containers: [{ name: 'c', image: 'nginx:1', command: ['sleep'] }],
  volumes: ['a', 'b'].map((name) => ({ name, emptyDir: {} })),
  resourceClaims: [{ name: 'x', resourceClaimName: 'x' }],
};
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const LABELLED = { metadata: { labels: { app: 'a' } }, spec: POD };
const WORKLOAD = { replicas: 0, selector: { matchLabels: { app: 'a' } }, template: LABELLED };
const RUN = { suspend: true, template: { spec: { ...POD, restartPolicy: 'Never' } } };
const CLIENT = { url: 'https://example.com/none' };
const RULE = { apiGroups: ['none.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['none'] };
const HOOK = {
  name: 'a.example.com',
  clientConfig: CLIENT,
  rules: [RULE],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  failurePolicy: 'Ignore',
};
const POLICY = { matchConstraints: { resourceRules: [RULE] }, failurePolicy: 'Ignore' };
const VALIDATION = { expression: 'true' };
const MUTATION = { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } };
const FLOW = {
  subjects: [{ kind: 'Group', group: { name: 'none' } }],
  resourceRules: [{ verbs: ['get'], apiGroups: ['none'], resources: ['none'], namespaces: ['none'] }],
  nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/none'] }],
};

/** The smallest object of each kind that the API server accepts. */
const OBJECTS: Readonly<Record<string, JsonMap>> = {
  Pod: { spec: POD },
  PodTemplate: { template: LABELLED },
  ReplicationController: { spec: { ...WORKLOAD, selector: { app: 'a' } } },
  ReplicaSet: { spec: WORKLOAD },
  Deployment: { spec: WORKLOAD },
  DaemonSet: {
    spec: { selector: WORKLOAD.selector, template: { ...LABELLED, spec: { ...POD, nodeSelector: { none: '' } } } },
  },
  StatefulSet: {
    spec: { ...WORKLOAD, serviceName: 'a', volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: CLAIM }] },
  },
  Job: {
    spec: {
      ...RUN,
      podFailurePolicy: { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [1] } }] },
    },
  },
  CronJob: { spec: { suspend: true, schedule: '0 0 1 1 *', jobTemplate: { spec: RUN } } },
  Service: { spec: { selector: { app: 'a' } } },
  ServiceAccount: {},
  ConfigMap: {},
  MutatingWebhookConfiguration: { webhooks: [HOOK] },
  ValidatingWebhookConfiguration: { webhooks: [HOOK] },
  ValidatingAdmissionPolicy: { spec: { ...POLICY, validations: [VALIDATION] } },
  MutatingAdmissionPolicy: { spec: { ...POLICY, mutations: [MUTATION], reinvocationPolicy: 'Never' } },
  ValidatingAdmissionPolicyBinding: { spec: { policyName: 'none', validationActions: ['Deny'] } },
  EndpointSlice: { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.1.1'] }], ports: [] },
  FlowSchema: { spec: { priorityLevelConfiguration: { name: 'exempt' }, rules: [FLOW] } },
  ResourceClaimTemplate: { spec: { spec: {} } },
  CSIDriver: { spec: {} },
  Node: {},
  CSINode: { spec: {} },
  CustomResourceDefinition: {
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  },
};

/** What has to be around a list that an object does not have yet. */
const AROUND: Readonly<Record<string, JsonMap>> = {
  initContainers: { name: 'i', image: 'nginx:1' },
  ephemeralContainers: { name: 'e', image: 'nginx:1' },
  restartPolicyRules: { action: 'Restart', exitCodes: { operator: 'In', values: [] } },
};

/** An item for a list, by the list's name; `b` differs from `a` but has the same key. */
const ITEMS: Readonly<Record<string, (value: 'a' | 'b') => unknown>> = {
  addresses: () => '10.1.1.1',
  apiGroups: () => 'none',
  claims: (request) => ({ name: 'x', request }),
  conditions: (reason) => ({ type: 'X', status: 'True', reason }),
  containers: (value) => ({ name: 'c', image: `nginx:${value}` }),
  drivers: (nodeID) => ({ name: 'd.example.com', nodeID }),
  env: (value) => ({ name: 'A', value }),
  ephemeralContainers: (value) => ({ name: 'e', image: `nginx:${value}` }),
  finalizers: () => 'example.com/x',
  hostAliases: (value) => ({ ip: '10.1.1.1', hostnames: [value] }),
  imagePullSecrets: () => ({ name: 's' }),
  initContainers: (value) => ({ name: 'i', image: `nginx:${value}` }),
  matchConditions: (value) => ({ name: 'm', expression: `'${value}' != ''` }),
  namespaces: () => 'none',
  nonResourceURLs: () => '/none',
  ownerReferences: () => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '1-2-3' }),
  podCIDRs: () => '10.9.0.0/24',
  ports: (name) => ({ name, port: 80, containerPort: 80 }),
  resourceClaims: (resourceClaimName) => ({ name: 'y', resourceClaimName }),
  resources: () => 'none',
  schedulingGates: () => ({ name: 'example.com/x' }),
  secrets: (fieldPath) => ({ name: 's', fieldPath }),
  topologySpreadConstraints: (value) => ({
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    maxSkew: value === 'a' ? 1 : 2,
  }),
  validationActions: () => 'Deny',
  values: () => 3,
  variables: (value) => ({ name: 'v', expression: `'${value}'` }),
  verbs: () => 'get',
  volumeDevices: (name) => ({ devicePath: '/d', name }),
  volumeLifecycleModes: () => 'Ephemeral',
  volumeMounts: (name) => ({ mountPath: '/m', name }),
  volumes: (name) => ({ name: 'v', configMap: { name, optional: true } }),
  webhooks: (value) => ({ ...HOOK, clientConfig: { url: `${CLIENT.url}/${value}` } }),
  'x-kubernetes-validations': (message) => ({ rule: 'true', message }),
};

/** What is wrong with a list: equal items, different items with the same key, or an item without its key. */
export const FLAWS = ['same', 'other', 'keyless'] as const;

/** An object with such a list; undefined where the tables here lack the kind or list. */
export function flawedObject(list: KeyedList, name: string, flaw: (typeof FLAWS)[number]): KubeObject | undefined {
  const fields = OBJECTS[list.kind];
  const item = ITEMS[list.path.split('.').at(-1) ?? ''];
  if (!fields || !item) return undefined;
  const pair = [item('a'), item(flaw === 'other' ? 'b' : 'a')].map((made) => fitting(made, list));
  const items = flaw === 'keyless' ? pair.slice(1).map((made) => withoutKeys(made, list)) : pair;
  const object = { apiVersion: list.apiVersion, kind: list.kind, metadata: { name }, ...structuredClone(fields) };
  put(object, list.path.split('.').slice(1), items);
  return list.kind === 'CustomResourceDefinition' ? ofItsOwnKind(object) : object;
}

/** The name of a definition is that of its kind. */
function ofItsOwnKind(object: KubeObject): KubeObject {
  const plural = object.metadata.name;
  const names = { plural, kind: `X${plural.replaceAll('-', '')}` };
  return { ...object, metadata: { name: `${plural}.example.com` }, spec: { ...mapAt(object, 'spec'), names } };
}

function withoutKeys(item: unknown, { keys }: KeyedList): unknown {
  return isMap(item) ? Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key))) : item;
}

/** Services and containers name their ports otherwise. */
function fitting(item: unknown, { kind, path }: KeyedList): unknown {
  if (!path.endsWith('.ports') || !isMap(item)) return item;
  const { port, containerPort, ...rest } = item;
  return kind === 'Service' ? { ...rest, port } : { ...rest, containerPort };
}

function put(map: JsonMap, [step = '', ...rest]: readonly string[], items: readonly unknown[]): void {
  const field = step.replace('[]', '');
  if (rest.length === 0) {
    map[field] = items;
    return;
  }
  const isList = step.endsWith('[]');
  const below = map[field] ?? (isList ? [{ ...AROUND[field] }] : {});
  map[field] = below;
  const next: unknown = isList && Array.isArray(below) ? (below as unknown[])[0] : below;
  if (isMap(next)) put(next, rest, items);
}
