import { endOfWork } from '../finished.ts';
import { entriesOf, setOf } from '../fields/managed-fields.ts';
import { listAt, numberAt, textAt } from '../json/json.ts';
import { refOf } from '../reference.ts';
import { statefulSetChanges, type ClaimGrowth, type FieldChanges } from './stateful-set.ts';
import type { KubeObject } from '../types.ts';

/**
 * How fields that the API server refuses to change can come to be as desired: by deleting the object and creating it again, which loses
 * nothing (`Recreate`) or may lose something (`LosesData`); or not at all, as nobody would want the deletion (`Impossible`).
 */
export type ChangeClass = 'Recreate' | 'LosesData' | 'Impossible';

/** A change of immutable fields, and what it takes. */
export interface ImmutableChange {
  class: ChangeClass;
  /** The fields, in the API server's words, such as `spec.selector`. */
  fields: readonly string[];
  /** What would be lost, each in words that follow a colon. */
  losses: readonly string[];
  /** What becomes of what the object owns. `Foreground`: it is gone before the object is. */
  propagation: 'Background' | 'Foreground' | 'Orphan';
  /** The claims that have to grow before. */
  growth: readonly ClaimGrowth[];
}

/** What a class follows from. */
export interface ChangeInput {
  desired: KubeObject;
  /** The whole object. */
  live: KubeObject;
  /** The fields that the API server calls immutable. */
  fields: readonly string[];
  /** The service account that the Release acts as. */
  account: { namespace: string; name: string };
  /** The field manager of the Release. */
  manager: string;
}

/** Fields of some kinds, with all that is below them, and what their change takes. */
interface Rule {
  kinds: readonly string[];
  /** All, if absent. */
  fields?: readonly string[];
  propagation?: ImmutableChange['propagation'];
  lossesOf?: (input: ChangeInput) => string[];
}

const RBAC = 'rbac.authorization.k8s.io';

/**
 * What is known of immutable fields. A kind or a field that no rule names may hold anything: its change counts as losing data. Pods go
 * before the object that owns them does, so that old and new ones do not work side by side.
 */
// prettier-ignore
const RULES: readonly Rule[] = [
  { kinds: ['batch/Job'], propagation: 'Foreground', lossesOf: ({ live }) => workLosses(live) },
  { kinds: ['/Pod'], propagation: 'Foreground', lossesOf: ({ live }) => podLosses(live) },
  { kinds: ['apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet'], fields: ['spec.selector'], propagation: 'Foreground' },
  { kinds: ['/Service'], lossesOf: ({ live }) => addressLosses(live),
    fields: ['spec.clusterIP', 'spec.clusterIPs', 'spec.ipFamilies', 'spec.ipFamilyPolicy', 'spec.loadBalancerClass', 'spec.healthCheckNodePort'] },
  { kinds: ['/ConfigMap', '/Secret'], fields: ['data', 'binaryData', 'immutable', 'type'], lossesOf: othersData },
  { kinds: [`${RBAC}/RoleBinding`, `${RBAC}/ClusterRoleBinding`], fields: ['roleRef'], lossesOf: ownRights },
  { kinds: ['storage.k8s.io/StorageClass'], fields: ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'] },
  { kinds: ['storage.k8s.io/VolumeAttributesClass'], fields: ['driverName', 'parameters'] },
  { kinds: ['storage.k8s.io/CSIDriver'], fields: ['spec'] },
  { kinds: ['scheduling.k8s.io/PriorityClass'], fields: ['value', 'preemptionPolicy'] },
  { kinds: ['networking.k8s.io/IngressClass'], fields: ['spec.controller'] },
  { kinds: ['node.k8s.io/RuntimeClass'], fields: ['handler'] },
  { kinds: ['discovery.k8s.io/EndpointSlice'], fields: ['addressType'] },
  { kinds: ['resource.k8s.io/ResourceClaimTemplate'], fields: ['spec'] },
  { kinds: ['/ResourceQuota'], fields: ['spec.scopes', 'spec.scopeSelector'] },
  { kinds: ['/PersistentVolumeClaim'], lossesOf: () => ['its volume, with all data in it'] },
  { kinds: ['/PersistentVolume'], lossesOf: () => ['the claim on its storage and, as its reclaim policy says, all data in it'] },
];

/** Kinds whose objects take others with them. */
const NEVER: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io/CustomResourceDefinition': 'all objects of the kind that it defines',
  '/Namespace': 'everything in it',
};

/** The class of a change of immutable fields: pure, by the table above and, for a StatefulSet, by the fields that differ. */
export function immutableChangeOf(input: ChangeInput): ImmutableChange {
  const { desired, live, manager } = input;
  const kind = kindOf(desired);
  const fields = [...new Set(input.fields.map((field) => field.replaceAll(/\[[^\]]*\]/g, '')))];
  const never = NEVER[kind];
  if (never !== undefined) return { ...changeOf({ fields, losses: [never] }), class: 'Impossible' };
  if (kind === 'apps/StatefulSet') {
    return { ...changeOf(statefulSetChanges(desired, live, manager)), propagation: 'Orphan' };
  }
  const rules = RULES.filter((rule) => rule.kinds.includes(kind));
  const rule = rules.find((one) => fields.every((field) => isOf(field, one.fields)));
  if (rule === undefined) return changeOf({ fields, losses: ['what this field means is not known'] });
  const change = changeOf({ fields, losses: rule.lossesOf?.(input) ?? [] });
  return { ...change, propagation: rule.propagation ?? change.propagation };
}

function changeOf({ fields, losses, growth = [] }: FieldChanges): ImmutableChange {
  const changeClass = losses.length > 0 ? 'LosesData' : 'Recreate';
  return { class: changeClass, fields, losses, propagation: 'Background', growth };
}

function isOf(field: string, prefixes: readonly string[] | undefined): boolean {
  return prefixes === undefined || prefixes.some((prefix) => field === prefix || field.startsWith(`${prefix}.`));
}

function kindOf(object: KubeObject): string {
  const { group, kind } = refOf(object);
  return `${group}/${kind}`;
}

/** Pods that cannot start do no work that would be lost. */
function workLosses(job: KubeObject): string[] {
  const hasWorked = ['ready', 'succeeded'].some((field) => (numberAt(job, 'status', field) ?? 0) > 0);
  const isAtWork = endOfWork(job) === undefined && hasWorked;
  return isAtWork ? ['the work of its pods, which has not ended (once it has, this is done)'] : [];
}

function podLosses(pod: KubeObject): string[] {
  const isOver = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
  return isOver ? [] : ['what runs in it, and what it keeps in volumes of its own'];
}

/** Outside addresses are given by others, and may be different the next time. */
function addressLosses(service: KubeObject): string[] {
  const type = textAt(service, 'spec', 'type');
  if (type === 'LoadBalancer') return ['its outside address'];
  return type === 'NodePort' ? ['its port on the nodes'] : [];
}

/** Even if the chart has such an entry: what was written over it, such as a password that was filled in or renewed, would be lost. */
function othersData({ live, manager }: ChangeInput): string[] {
  const [ours, others] = [entriesOf(live, manager).ours, entriesOf(live, manager).others].map(setOf);
  const lost = ['data', 'binaryData'].some((field) =>
    Object.keys(others?.[`f:${field}`] ?? {}).some((key) => key.startsWith('f:') && !ours?.[`f:${field}`]?.[key]),
  );
  return lost ? ['entries that others have written'] : [];
}

/** Without the binding that gives it the right to, a Release could not create it again. */
function ownRights({ desired, live, account }: ChangeInput): string[] {
  const groups = ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${account.namespace}`];
  const isOwn = (subject: unknown): boolean => {
    const [kind, name, namespace] = ['kind', 'name', 'namespace'].map((field) => textAt(subject, field));
    if (kind === 'Group') return groups.includes(name ?? '');
    const isAccount = name === account.name && (namespace ?? desired.metadata.namespace) === account.namespace;
    return isAccount || name === `system:serviceaccount:${account.namespace}:${account.name}`;
  };
  const subjects = [...listAt(desired, 'subjects'), ...listAt(live, 'subjects')];
  return subjects.some(isOwn) ? ['rights of the service account that this Release acts as'] : [];
}
