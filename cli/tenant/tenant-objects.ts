import type { TenantFile, TenantPolicy } from './tenant-file.ts';

/** An object that a tenant needs. */
export interface TenantObject {
  readonly apiVersion: string;
  readonly kind: 'Namespace' | 'ServiceAccount' | 'Role' | 'RoleBinding' | 'ResourceQuota' | 'NetworkPolicy';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

const RBAC = 'rbac.authorization.k8s.io';
const NAME = 'coxswain';

/** The objects that a tenant needs, in the order in which they can be created. */
export function objectsOfTenant(tenant: TenantFile): TenantObject[] {
  const { name, stages } = tenant;
  const namespaces = stages.length === 0 ? [name] : stages.map((stage) => `${name}-${stage}`);
  return namespaces.flatMap((namespace) => objectsIn(namespace, tenant));
}

function objectsIn(namespace: string, tenant: TenantFile): TenantObject[] {
  const { serviceAccount, role, rules, editors, viewers, quota, releases, policy } = tenant;
  const account = { kind: 'ServiceAccount', name: serviceAccount, namespace };
  const roleRef = rules === undefined ? { kind: 'ClusterRole', name: role } : { kind: 'Role', name: NAME };
  const hard = { ...quota, ...(releases !== undefined && { 'count/releases.coxswain.dev': String(releases) }) };
  const at = (objectName: string): TenantObject['metadata'] => ({ name: objectName, namespace });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, ...labelsOf(policy) } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: at(serviceAccount) },
    ...(rules === undefined ? [] : [{ apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: at(NAME), rules } as const]),
    binding(at(NAME), roleRef, [account]),
    ...(editors.length === 0 ? [] : [binding(at(`${NAME}-editors`), clusterRole('edit'), editors.map(person))]),
    ...(viewers.length === 0 ? [] : [binding(at(`${NAME}-viewers`), clusterRole('view'), viewers.map(person))]),
    ...(Object.keys(hard).length === 0
      ? []
      : [{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: at(NAME), spec: { hard } } as const]),
    ...(policy.network === undefined ? [] : [isolation(at(NAME))]),
  ];
}

/** The labels by which Kubernetes, and the policy of deploy/approvers.yaml, hold a namespace to something. */
function labelsOf({ podSecurity, approval }: TenantPolicy): Pick<TenantObject['metadata'], 'labels'> {
  const labels = {
    ...(podSecurity && { 'pod-security.kubernetes.io/enforce': podSecurity }),
    ...(approval && { 'coxswain.dev/approval': approval }),
  };
  return Object.keys(labels).length === 0 ? {} : { labels };
}

function isolation(metadata: TenantObject['metadata']): TenantObject {
  const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

function clusterRole(name: string): object {
  return { kind: 'ClusterRole', name };
}

function binding(metadata: TenantObject['metadata'], roleRef: object, subjects: readonly object[]): TenantObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata, roleRef: { apiGroup: RBAC, ...roleRef }, subjects };
}

function person(text: string): object {
  const group = /^group:(.+)$/.exec(text)?.[1];
  return { apiGroup: RBAC, kind: group === undefined ? 'User' : 'Group', name: group ?? text };
}
