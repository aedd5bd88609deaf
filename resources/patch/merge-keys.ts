import { groupOf } from '../reference.ts';
import type { KubeObject } from '../types.ts';

/**
 * How a strategic merge treats a field: `merge`, a map, by the rules of its fields; `by-key`, a list, item by item, where items with the
 * same key are the same; `union`, a list, by adding items; `replace`, whatever it is, as a whole.
 */
export type FieldRule =
  | { readonly rule: 'merge'; readonly fields: MergeRules }
  | { readonly rule: 'by-key'; readonly key: string; readonly fields: MergeRules }
  | { readonly rule: 'union' | 'replace' };

/** The rules of the fields of a map. Without a rule, a map is merged and a list replaced. */
export interface MergeRules {
  readonly [field: string]: FieldRule;
}

const UNION: FieldRule = { rule: 'union' };
const REPLACE: FieldRule = { rule: 'replace' };

function byKey(key: string, fields: MergeRules = {}): FieldRule {
  return { rule: 'by-key', key, fields };
}

function below(fields: MergeRules): FieldRule {
  return { rule: 'merge', fields };
}

const METADATA = below({ finalizers: UNION, ownerReferences: byKey('uid') });

const CONTAINER: MergeRules = {
  env: byKey('name'),
  ports: byKey('containerPort'),
  volumeDevices: byKey('devicePath'),
  volumeMounts: byKey('mountPath'),
};

const POD_SPEC = below({
  containers: byKey('name', CONTAINER),
  ephemeralContainers: byKey('name', CONTAINER),
  hostAliases: byKey('ip'),
  imagePullSecrets: byKey('name'),
  initContainers: byKey('name', CONTAINER),
  resourceClaims: byKey('name'),
  schedulingGates: byKey('name'),
  topologySpreadConstraints: byKey('topologyKey'),
  volumes: byKey('name', { ephemeral: below({ volumeClaimTemplate: below({ metadata: METADATA }) }) }),
});

const POD_TEMPLATE = below({ metadata: METADATA, spec: POD_SPEC });
const WORKLOAD: MergeRules = { spec: below({ template: POD_TEMPLATE }) };
const JOB_TEMPLATE = below({ metadata: METADATA, spec: below({ template: POD_TEMPLATE }) });
const CONDITIONS = byKey('name');
const WEBHOOKS: MergeRules = { webhooks: byKey('name', { matchConditions: CONDITIONS }) };

/** By group and kind, without `metadata`, which is the same everywhere, and `status`, which no chart sets. */
const RULES: ReadonlyMap<string, MergeRules> = new Map<string, MergeRules>([
  ['/Pod', { spec: POD_SPEC }],
  ['/PodTemplate', { template: POD_TEMPLATE }],
  ['/ReplicationController', WORKLOAD],
  ['/Service', { spec: below({ ports: byKey('port') }) }],
  ['/ServiceAccount', { secrets: byKey('name') }],
  ['/Node', { spec: below({ podCIDRs: UNION }) }],
  ['apps/DaemonSet', WORKLOAD],
  ['apps/Deployment', WORKLOAD],
  ['apps/ReplicaSet', WORKLOAD],
  ['apps/StatefulSet', WORKLOAD],
  ['batch/CronJob', { spec: below({ jobTemplate: JOB_TEMPLATE }) }],
  ['batch/Job', WORKLOAD],
  ['policy/PodDisruptionBudget', { spec: below({ selector: REPLACE }) }],
  ['storage.k8s.io/CSINode', { spec: below({ drivers: byKey('name') }) }],
  ['resource.k8s.io/ResourceClaimTemplate', { spec: below({ metadata: METADATA }) }],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', WEBHOOKS],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', WEBHOOKS],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicy', { spec: below({ matchConditions: CONDITIONS }) }],
  [
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
    { spec: below({ matchConditions: CONDITIONS, variables: byKey('name') }) },
  ],
]);

/** The groups whose kinds are Kubernetes' own. */
const OWN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/**
 * How a strategic merge treats the fields of an object, as the types of Kubernetes declare it for the API server and kubectl (`patchStrategy`
 * and `patchMergeKey`); nothing for custom resources. Compared with what the API server publishes in test/cluster/resources/merge-keys.test.ts.
 */
export function mergeRulesFor({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): MergeRules {
  const group = groupOf(apiVersion);
  return OWN_GROUPS.has(group) ? { metadata: METADATA, ...RULES.get(`${group}/${kind}`) } : {};
}
