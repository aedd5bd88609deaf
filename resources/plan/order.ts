// The kinds and their places are those of Helm v3.22, pkg/releaseutil/kind_sorter.go. Uninstalling is not quite the reverse of
// installing there: Services go right after Ingresses, so that no traffic reaches workloads on their way out.
// prettier-ignore
const INSTALL_ORDER = [
  'PriorityClass', 'Namespace', 'NetworkPolicy', 'ResourceQuota', 'LimitRange', 'PodSecurityPolicy',
  'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'SecretList', 'ConfigMap', 'StorageClass', 'PersistentVolume',
  'PersistentVolumeClaim', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleList', 'ClusterRoleBinding',
  'ClusterRoleBindingList', 'Role', 'RoleList', 'RoleBinding', 'RoleBindingList', 'Service', 'DaemonSet', 'Pod',
  'ReplicationController', 'ReplicaSet', 'Deployment', 'HorizontalPodAutoscaler', 'StatefulSet', 'Job', 'CronJob',
  'IngressClass', 'Ingress', 'APIService',
];
const FIRST_TO_GO = ['APIService', 'Ingress', 'IngressClass', 'Service'];
const UNINSTALL_ORDER = [...FIRST_TO_GO, ...INSTALL_ORDER.toReversed().filter((kind) => !FIRST_TO_GO.includes(kind))];

const installRank = new Map(INSTALL_ORDER.map((kind, rank) => [kind, rank]));
const uninstallRank = new Map(UNINSTALL_ORDER.map((kind, rank) => [kind, rank]));

/** A copy of `items` in Helm's install order: unknown kinds last and by kind, equal kinds in the order they came. */
export function inInstallOrder<T extends { kind: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => compareKinds(a.kind, b.kind, installRank));
}

/** A copy of `items` in Helm's uninstall order: unknown kinds last and by kind, equal kinds in the order they came. */
export function inUninstallOrder<T extends { kind: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => compareKinds(a.kind, b.kind, uninstallRank));
}

function compareKinds(a: string, b: string, ranks: ReadonlyMap<string, number>): number {
  const rankA = ranks.get(a) ?? ranks.size;
  const rankB = ranks.get(b) ?? ranks.size;
  if (rankA !== rankB) return rankA - rankB;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
