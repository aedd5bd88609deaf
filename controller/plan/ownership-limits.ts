import {
  API_GROUP,
  CHUNK_SECRET_TYPE,
  CLUSTER_SCOPE_ALLOWED,
  CLUSTER_SCOPE_LABEL,
  type Release,
} from '../../crds/index.ts';
import type { OwnershipLimits } from '../../resources/index.ts';
import type { DesiredServices } from './services.ts';

/** Which objects a Release may own. */
export function limitsOf(services: Pick<DesiredServices, 'namespaces'>, release: Release): OwnershipLimits {
  const { namespace } = release.metadata;
  return {
    namespace,
    clusterScope: clusterScopeOf(services, release),
    howToAllow: `an administrator labels the namespace ${CLUSTER_SCOPE_LABEL}=${CLUSTER_SCOPE_ALLOWED}`,
    reservedKinds: [`${API_GROUP}/ReleaseHistory`],
    reservedSecretTypes: [CHUNK_SECRET_TYPE],
  };
}

/** Whether an administrator labelled the namespace so that its Releases may own cluster-scoped objects. */
function clusterScopeOf(
  { namespaces }: Pick<DesiredServices, 'namespaces'>,
  { metadata }: Release,
): 'allowed' | 'refused' {
  const labels = namespaces.get(undefined, metadata.namespace)?.metadata.labels;
  return labels?.[CLUSTER_SCOPE_LABEL] === CLUSTER_SCOPE_ALLOWED ? 'allowed' : 'refused';
}
