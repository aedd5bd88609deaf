import type { Cluster } from '../client/releases/index.ts';
import type { KubeClient } from '../kube/index.ts';
import type { ClusterFlags } from './cluster-options.ts';
import type { ExitCode } from './command.ts';
import { CliError } from './errors.ts';

export {
  CONFIG_MAPS,
  findRelease,
  HISTORIES,
  NAMESPACES,
  readRelease,
  RELEASES,
  releaseOf,
  SECRETS,
} from '../client/releases/index.ts';
export type { Cluster } from '../client/releases/index.ts';

/** Calls `use` with the user's cluster and closes the connections after it. */
export async function withCluster(
  flags: ClusterFlags,
  use: (cluster: Cluster) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { kubeconfig, context } = flags;
  // Loaded late: it is most of what a command loads, and is not needed to print its usage.
  const { connect } = await import('../kube/index.ts');
  const client = await connect({
    userAgent: 'kubectl-release',
    unreachable: 'error',
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  const namespace = flags.namespace ?? client.namespace ?? 'default';
  try {
    return await use({ client: asMeant(client, flags), namespace });
  } finally {
    await client.close();
  }
}

function asMeant(client: KubeClient, { as: user, 'as-group': groups = [] }: ClusterFlags): KubeClient {
  if (user !== undefined) return client.as(user, groups);
  if (groups.length > 0) throw new CliError('Usage', '--as-group needs --as');
  return client;
}
