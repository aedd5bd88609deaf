import type { Backup, Cluster, ClusterStatus } from './kinds.ts';

/** A cluster with what the last pass found, and how often another member became its primary since the operator started. */
export type Observed = { readonly cluster: Cluster; readonly status: ClusterStatus; readonly promotions: number };

/** Returns the metrics in the text format of Prometheus. */
export function metricsOf(observed: readonly Observed[], backups: readonly Backup[]): string {
  const perCluster = (value: (one: Observed) => number): string[] =>
    observed.map((one) => `{${labelsOf(one.cluster.metadata.namespace, one.cluster.metadata.name)}} ${value(one)}`);
  const copies = backups.flatMap(({ metadata, spec, status }) => {
    const { completedAt } = status ?? {};
    const labels = `${labelsOf(metadata.namespace, spec.cluster)},backup="${metadata.name}"`;
    return completedAt === undefined ? [] : [`{${labels}} ${Date.parse(completedAt) / 1000}`];
  });
  const families: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['mysql_cluster_members', 'gauge', 'members wanted', perCluster(({ cluster }) => cluster.spec.members)],
    ['mysql_cluster_ready_members', 'gauge', 'members that do their part', perCluster(({ status }) => status.ready)],
    [
      'mysql_cluster_serving',
      'gauge',
      '1 if writes are taken',
      perCluster(({ status }) => Number(status.serving ?? false)),
    ],
    ['mysql_cluster_promotions_total', 'counter', 'changes of the primary', perCluster(({ promotions }) => promotions)],
    ['mysql_backup_completed_timestamp_seconds', 'gauge', 'when a backup was done', copies],
  ];
  return families
    .map(([name, type, help, samples]) =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => `${name}${sample}`), ''].join(
        '\n',
      ),
    )
    .join('');
}

/** Names of objects need no escapes. */
function labelsOf(namespace: string, cluster: string): string {
  return `namespace="${namespace}",cluster="${cluster}"`;
}
