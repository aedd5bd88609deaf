import { CLUSTER_SCOPE_ALLOWED, CLUSTER_SCOPE_LABEL } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import { refusalsOf, type KubeObject, type OwnershipLimits } from '../../resources/index.ts';
import { NAMESPACES } from '../cluster.ts';
import type { ServedCluster } from './rendering.ts';

/** Why a Release of the namespace may not own these objects, as the controller would say it; all reasons. Throws KubeError. */
export async function refusalsIn(cluster: ServedCluster, objects: readonly KubeObject[]): Promise<string[]> {
  const { namespace, discovery } = cluster;
  const candidates = await Promise.all(
    objects.map(async (object) => ({ object, resource: await discovery.resourceFor(object.apiVersion, object.kind) })),
  );
  const limits: OwnershipLimits = {
    namespace,
    clusterScope: await clusterScopeOf(cluster),
    howToAllow: `an administrator can label the namespace ${CLUSTER_SCOPE_LABEL}=${CLUSTER_SCOPE_ALLOWED}`,
    reservedKinds: [],
    reservedSecretTypes: [],
  };
  return refusalsOf(candidates, limits).map(({ message }) => message);
}

/** A user who may not read the namespace learns it from the controller. */
async function clusterScopeOf({ client, namespace }: ServedCluster): Promise<OwnershipLimits['clusterScope']> {
  try {
    const { metadata } = await client.get(NAMESPACES, undefined, namespace);
    return metadata.labels?.[CLUSTER_SCOPE_LABEL] === CLUSTER_SCOPE_ALLOWED ? 'allowed' : 'refused';
  } catch (error) {
    if (isKubeError(error, 'Forbidden')) return 'allowed';
    throw error;
  }
}
