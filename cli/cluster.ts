import { API_GROUP, API_VERSION } from '../crds/index.ts';
import type { Release } from '../crds/index.ts';
import type { ApiResource, KubeClient } from '../kube/index.ts';
import type { KubeObject } from '../resources/index.ts';
import type { ExitCode } from './command.ts';
import { CliError } from './errors.ts';

/** kubectl's options that every command takes, for `readArguments`. */
export const CLUSTER_OPTIONS = {
  namespace: { type: 'string', short: 'n' },
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  as: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the user chose of them. */
export interface ClusterFlags {
  readonly namespace?: string | undefined;
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly as?: string | undefined;
}

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
    return await use({ client: flags.as === undefined ? client : client.as(flags.as), namespace });
  } finally {
    await client.close();
  }
}

/** Reads a Release; throws CliError NotFound, naming it, where there is none. */
export async function readRelease({ client, namespace }: Cluster, name: string): Promise<Release> {
  try {
    return releaseOf(await client.get(RELEASES, namespace, name));
  } catch (cause) {
    const { isKubeError } = await import('../kube/index.ts');
    if (!isKubeError(cause, 'NotFound')) throw cause;
    throw new CliError('NotFound', `there is no release "${name}" in namespace "${namespace}"`, { cause });
  }
}

/** The object as the Release that its definition makes it. */
export function releaseOf(object: KubeObject): Release {
  return object as unknown as Release;
}

function resource(kind: string, plural: string): ApiResource {
  return { group: API_GROUP, version: API_VERSION, kind, plural, namespaced: true, verbs: [] };
}
