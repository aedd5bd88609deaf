import { API_GROUP, API_VERSION } from '../../crds/index.ts';
import type { Release } from '../../crds/index.ts';
import type { ApiResource, KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { ClientError } from '../messages/index.ts';

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

/** Reads a Release; undefined where there is none. */
export async function findRelease({ client, namespace }: Cluster, name: string): Promise<Release | undefined> {
  try {
    return releaseOf(await client.get(RELEASES, namespace, name));
  } catch (error) {
    const { isKubeError } = await import('../../kube/index.ts');
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Reads a Release; throws ClientError NotFound, naming it, where there is none. */
export async function readRelease(cluster: Cluster, name: string): Promise<Release> {
  const found = await findRelease(cluster, name);
  if (found !== undefined) return found;
  throw new ClientError('NotFound', `there is no release "${name}" in namespace "${cluster.namespace}"`, {
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
