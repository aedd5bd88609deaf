import { groupOf } from '../../resources/index.ts';
import { apiVersionOf, type ApiResource } from '../api-resource.ts';

/** What one discovery found: the resources, and the names that Helm's `Capabilities.APIVersions` has for them. */
export interface ApiCatalog {
  resources: ApiResource[];
  versions: Set<string>;
}

/** The aggregated discovery document of `/api` or `/apis` (apidiscovery.k8s.io/v2 or v2beta1). */
export interface AggregatedDiscovery {
  kind: 'APIGroupDiscoveryList';
  items?: { metadata?: { name?: string }; versions?: AggregatedVersion[] }[];
}

interface AggregatedVersion {
  version: string;
  resources?: AggregatedResource[];
}

interface AggregatedResource {
  resource: string;
  responseKind?: { kind?: string };
  scope?: 'Namespaced' | 'Cluster';
  verbs?: string[];
  subresources?: { subresource?: string; responseKind?: { kind?: string } }[];
}

/** The older document of one group version, `/apis/<group>/<version>`. */
export interface ResourceList {
  groupVersion: string;
  resources?: { name: string; kind: string; namespaced: boolean; verbs?: string[] }[];
}

/** Whether `/api` or `/apis` answered with the aggregated form, which servers before 1.26 do not know. */
export function isAggregated(document: unknown): document is AggregatedDiscovery {
  return (document as { kind?: unknown } | null)?.kind === 'APIGroupDiscoveryList';
}

/**
 * The catalog of aggregated documents. A group version whose server does not answer is listed without resources: it counts as an API
 * version and has no kinds.
 */
export function catalogOf(documents: readonly AggregatedDiscovery[]): ApiCatalog {
  const served = documents
    .flatMap((document) => document.items ?? [])
    .flatMap(({ metadata, versions = [] }) => versions.map((found) => ({ group: metadata?.name ?? '', found })));
  return { resources: served.flatMap(resourcesIn), versions: new Set(served.flatMap(versionsIn)) };
}

interface ServedVersion {
  group: string;
  found: AggregatedVersion;
}

/** The group version and its kinds, as Helm names them. */
function versionsIn({ group, found: { version, resources = [] } }: ServedVersion): string[] {
  const groupVersion = apiVersionOf({ group, version });
  return [groupVersion, ...resources.flatMap(kindsOf).map((kind) => `${groupVersion}/${kind}`)];
}

function resourcesIn({ group, found: { version, resources = [] } }: ServedVersion): ApiResource[] {
  return resources.flatMap(({ resource: plural, scope, verbs = [], subresources = [], responseKind }) => {
    const kind = responseKind?.kind;
    // A resource of which only subresources are served has no kind of its own.
    if (!kind) return [];
    const hasStatus = subresources.some(({ subresource }) => subresource === 'status');
    return [{ group, version, kind, plural, namespaced: scope === 'Namespaced', verbs, hasStatus }];
  });
}

function kindsOf({ responseKind, subresources = [] }: AggregatedResource): string[] {
  return [responseKind, ...subresources.map((subresource) => subresource.responseKind)].flatMap(
    (kind) => kind?.kind || [],
  );
}

/** The catalog of the older documents: all group versions, and those resource lists that could be read. */
export function catalogOfLists(groupVersions: readonly string[], lists: readonly ResourceList[]): ApiCatalog {
  const catalog: ApiCatalog = { resources: [], versions: new Set(groupVersions) };
  for (const { groupVersion, resources = [] } of lists) {
    const names = new Set(resources.map(({ name }) => name));
    const group = groupOf(groupVersion);
    const version = groupVersion.slice(groupVersion.indexOf('/') + 1);
    for (const { name, kind, namespaced, verbs = [] } of resources) {
      catalog.versions.add(`${groupVersion}/${kind}`);
      // Subresources are listed beside the resources here.
      if (name.includes('/')) continue;
      const hasStatus = names.has(`${name}/status`);
      const resource = { group, version, kind, plural: name, namespaced, verbs, hasStatus };
      catalog.resources.push(resource);
    }
  }
  return catalog;
}
