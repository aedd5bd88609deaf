import { RELEASE_LABEL, RELEASE_NAMESPACE_LABEL, type Release, type ResourceStatus } from '../../../crds/index.ts';
import type { Discovery } from '../../../kube/index.ts';
import type { Cluster } from '../../cluster.ts';

/** An object of a Release, as a report names it. */
export function titleOf({ kind, name }: Pick<ResourceStatus, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/**
 * The objects, by their titles, that a Release reports and that do not name it any more, such as those that were handed over to Helm, or
 * that are gone; those of kinds that the user may not list are not among them. Each kind is listed once.
 */
export async function lostObjects(
  { client }: Cluster,
  { metadata: { name, namespace }, status }: Release,
): Promise<ReadonlySet<string>> {
  const { discover, isKubeError } = await import('../../../kube/index.ts');
  const discovery = discover(client);
  const labelSelector = `${RELEASE_LABEL}=${name},${RELEASE_NAMESPACE_LABEL}=${namespace}`;
  const lost = new Set<string>();
  for (const rows of Map.groupBy(status?.resources ?? [], kindOf).values()) {
    try {
      const own = await namesOf({ client, discovery, namespace }, rows, labelSelector);
      rows.filter((row) => own?.has(row.name) === false).forEach((row) => lost.add(titleOf(row)));
    } catch (error) {
      if (!isKubeError(error)) throw error;
    }
  }
  return lost;
}

function kindOf({ group, version, kind }: ResourceStatus): string {
  return `${group}/${version} ${kind}`;
}

/** The names of the objects of one kind with these labels; undefined where it is not served. Throws KubeError. */
async function namesOf(
  { client, discovery, namespace }: Cluster & { readonly discovery: Discovery },
  [row]: readonly ResourceStatus[],
  labelSelector: string,
): Promise<ReadonlySet<string> | undefined> {
  const apiVersion = row?.group === '' ? row.version : `${row?.group}/${row?.version}`;
  const resource = await discovery.resourceFor(apiVersion, row?.kind ?? '');
  if (!resource) return undefined;
  const scope = resource.namespaced ? namespace : undefined;
  const { items } = await client.listAt(resource, scope, { labelSelector }, { content: 'metadata' });
  return new Set(items.map(({ metadata }) => metadata.name));
}
