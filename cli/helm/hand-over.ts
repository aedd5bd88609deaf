import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  RELEASE_LABEL,
  RELEASE_NAMESPACE_LABEL,
  type Release,
} from '../../crds/index.ts';
import type { ApiResource, KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';

/** The field manager of Helm. */
const HELM = 'helm';

/** Makes an object of a Release one of the Helm release of its name, whose field manager then owns what the Release applied. Throws KubeError. */
export async function handOver(
  client: KubeClient,
  resource: ApiResource,
  live: KubeObject,
  { metadata: { name, namespace } }: Release,
): Promise<void> {
  const { resourceVersion, managedFields = [] } = live.metadata;
  const isOurs = ({ manager, subresource }: (typeof managedFields)[number]): boolean =>
    manager === FIELD_MANAGER && !subresource;
  const metadata = {
    resourceVersion,
    labels: { [RELEASE_LABEL]: null, [RELEASE_NAMESPACE_LABEL]: null, 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: {
      [APPLIED_ANNOTATION]: null,
      'meta.helm.sh/release-name': name,
      'meta.helm.sh/release-namespace': namespace,
    },
    managedFields: managedFields.map((entry) => (isOurs(entry) ? { ...entry, manager: HELM } : entry)),
  };
  const place = resource.namespaced ? namespace : undefined;
  await client.patchMerge(resource, place, live.metadata.name, { metadata }, { fieldManager: HELM });
}

/** Whether an object says that it is one of the Release. */
export function isOfRelease({ metadata: { labels = {} } }: KubeObject, { metadata }: Release): boolean {
  return labels[RELEASE_LABEL] === metadata.name && labels[RELEASE_NAMESPACE_LABEL] === metadata.namespace;
}
