// The kinds and their places are those of Helm v4.3, pkg/release/v1/util/kind_sorter.go. Uninstalling is not quite the reverse of
// installing there: Services go right after Ingresses, so that no traffic reaches workloads on their way out, and webhooks that validate
// before those that mutate.
// prettier-ignore
const INSTALL_ORDER = [
  'PriorityClass', 'Namespace', 'NetworkPolicy', 'ResourceQuota', 'LimitRange', 'PodSecurityPolicy',
  'PodDisruptionBudget', 'ServiceAccount', 'Secret', 'SecretList', 'ConfigMap', 'StorageClass', 'PersistentVolume',
  'PersistentVolumeClaim', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleList', 'ClusterRoleBinding',
  'ClusterRoleBindingList', 'Role', 'RoleList', 'RoleBinding', 'RoleBindingList', 'Service', 'DaemonSet', 'Pod',
  'ReplicationController', 'ReplicaSet', 'Deployment', 'HorizontalPodAutoscaler', 'StatefulSet', 'Job', 'CronJob',
  'IngressClass', 'Ingress', 'APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration',
];
const WEBHOOKS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
const FIRST_TO_GO = [...WEBHOOKS, 'APIService', 'Ingress', 'IngressClass', 'Service'];
const UNINSTALL_ORDER = [...FIRST_TO_GO, ...INSTALL_ORDER.toReversed().filter((kind) => !FIRST_TO_GO.includes(kind))];

const ranksOf = (kinds: readonly string[]): ReadonlyMap<string, number> =>
  new Map(kinds.map((kind, rank) => [kind, rank]));
const uninstallRank = ranksOf(UNINSTALL_ORDER);
/** Helm 3 treats webhooks like kinds that it does not know. */
const installRanks = {
  v3: ranksOf(INSTALL_ORDER.filter((kind) => !WEBHOOKS.includes(kind))),
  v4: ranksOf(INSTALL_ORDER),
};

/** A copy of `items` in the install order of a version of Helm: unknown kinds last and by kind, equal kinds in the order they came. */
export function inInstallOrder<T extends { kind: string }>(items: readonly T[], helmVersion: 'v3' | 'v4' = 'v4'): T[] {
  return items.toSorted((a, b) => compareKinds(a.kind, b.kind, installRanks[helmVersion]));
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
