import { RELEASE_LABEL, RELEASE_NAMESPACE_LABEL, type Release } from '../../../crds/index.ts';
import type { ApiResource } from '../../../kube/index.ts';
import { titleOf } from '../../../resources/index.ts';
import type { Cluster } from '../../cluster.ts';

/**
 * The objects, by their titles, that a Release reports and that do not name it any more, such as those that were handed over to Helm, or
 * that are gone; those of kinds that the user may not list are not among them. Each kind is listed once.
 */
export async function lostObjects(
  { client }: Cluster,
  { metadata: { name, namespace }, status }: Release,
): Promise<ReadonlySet<string>> {
  const { apiVersionOf, discover, isKubeError } = await import('../../../kube/index.ts');
  const discovery = discover(client);
  const labelSelector = `${RELEASE_LABEL}=${name},${RELEASE_NAMESPACE_LABEL}=${namespace}`;
  const ownNames = async (resource: ApiResource): Promise<ReadonlySet<string>> => {
    const scope = resource.namespaced ? namespace : undefined;
    const { items } = await client.listAt(resource, scope, { labelSelector }, { content: 'metadata' });
    return new Set(items.map(({ metadata }) => metadata.name));
  };
  const lost = new Set<string>();
  const byKind = Map.groupBy(status?.resources ?? [], (row) => `${apiVersionOf(row)} ${row.kind}`);
  for (const rows of byKind.values()) {
    try {
      const [row] = rows;
      const resource = row && (await discovery.resourceFor(apiVersionOf(row), row.kind));
      if (!resource) continue;
      const own = await ownNames(resource);
      rows.filter((each) => !own.has(each.name)).forEach((each) => lost.add(titleOf(each)));
    } catch (error) {
      if (!isKubeError(error)) throw error;
    }
  }
  return lost;
}
