import { API_GROUP, API_VERSION } from '../crds/index.ts';
import type { Release } from '../crds/index.ts';
import type { ApiResource, KubeClient } from '../kube/index.ts';
import type { KubeObject } from '../resources/index.ts';
import type { ClusterFlags } from './cluster-options.ts';
import type { ExitCode } from './command.ts';
import { CliError } from './errors.ts';

/** The cluster that the user means, seen as the user, and the namespace. */
export interface Cluster {
  readonly client: KubeClient;
  readonly namespace: string;
}

/** The resource of Releases. */
export const RELEASES: ApiResource = resource('Release', 'releases');
/** The resource of ReleaseHistories. */
export const HISTORIES: ApiResource = resource('ReleaseHistory', 'releasehistories');

/** The resource of ReleasePreviews. */
export const PREVIEWS: ApiResource = resource('ReleasePreview', 'releasepreviews');

/** The resource of Secrets. */
export const SECRETS: ApiResource = { ...resource('Secret', 'secrets'), group: '', version: 'v1' };
/** The resource of ConfigMaps. */
export const CONFIG_MAPS: ApiResource = { ...resource('ConfigMap', 'configmaps'), group: '', version: 'v1' };

/** The resource of Namespaces. */
export const NAMESPACES: ApiResource = {
  ...resource('Namespace', 'namespaces'),
  group: '',
  version: 'v1',
  namespaced: false,
};

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

/** Reads a Release; undefined where there is none. */
export async function findRelease({ client, namespace }: Cluster, name: string): Promise<Release | undefined> {
  try {
    return releaseOf(await client.get(RELEASES, namespace, name));
  } catch (error) {
    const { isKubeError } = await import('../kube/index.ts');
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Reads a Release; throws CliError NotFound, naming it, where there is none. */
export async function readRelease(cluster: Cluster, name: string): Promise<Release> {
  const found = await findRelease(cluster, name);
  if (found !== undefined) return found;
  throw new CliError('NotFound', `there is no release "${name}" in namespace "${cluster.namespace}"`, {
    next: 'See those there are: kubectl release list -A',
  });
}

/** The object as the Release that its definition makes it. */
export function releaseOf(object: KubeObject): Release {
  return object as unknown as Release;
}

function resource(kind: string, plural: string): ApiResource {
  return { group: API_GROUP, version: API_VERSION, kind, plural, namespaced: true, verbs: [] };
}
