import type { ApiResource } from './api-resource.ts';
import { apiVersionOf } from './api-resource.ts';
import type { KubeClient } from './client.ts';
import type { ApiCatalog, ResourceList } from './discovery-documents.ts';
import { catalogOf, catalogOfLists, isAggregated } from './discovery-documents.ts';

/** What the API server serves, read once and kept; see `resourceFor` for when it is read again. */
export interface Discovery {
  /**
   * The resource for an object's apiVersion and kind; undefined where the server has none. A miss reads the catalog
   * again, at most every `refreshIntervalMs`. Throws KubeError where it cannot be read.
   */
  resourceFor(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** As Helm's `Capabilities.APIVersions`, sorted: `v1`, `apps/v1`, `apps/v1/Deployment`. */
  apiVersions(): Promise<string[]>;
  /** What the server says of its version, as Helm's `Capabilities.KubeVersion` has it; `minor` may be such as `29+`. */
  serverVersion(): Promise<ServerVersion>;
  /** Reads everything again; what is kept stays in use where that fails. */
  refresh(): Promise<void>;
}

/** The version of an API server: `gitVersion` is such as `v1.36.3`. */
export interface ServerVersion {
  gitVersion: string;
  major: string;
  minor: string;
}

interface Snapshot {
  byKind: ReadonlyMap<string, ApiResource>;
  versions: string[];
  serverVersion: ServerVersion;
  readAt: number;
}

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

/** A discovery that sends its first requests when first asked. */
export function discover(client: KubeClient, { refreshIntervalMs = 5_000 } = {}): Discovery {
  let current: Snapshot | undefined;
  let reading: Promise<Snapshot> | undefined;

  const refresh = (): Promise<Snapshot> => {
    reading ??= readSnapshot(client)
      .then((snapshot) => (current = snapshot))
      .finally(() => (reading = undefined));
    return reading;
  };
  const snapshot = async (): Promise<Snapshot> => current ?? refresh();

  return {
    async resourceFor(apiVersion, kind) {
      const key = `${apiVersion}/${kind}`;
      const known = await snapshot();
      const found = known.byKind.get(key);
      if (found !== undefined || performance.now() - known.readAt < refreshIntervalMs) return found;
      return (await refresh()).byKind.get(key);
    },
    apiVersions: async () => (await snapshot()).versions,
    serverVersion: async () => (await snapshot()).serverVersion,
    refresh: async () => {
      await refresh();
    },
  };
}

async function readSnapshot(client: KubeClient): Promise<Snapshot> {
  const readAt = performance.now();
  const [catalog, version] = await Promise.all([readCatalog(client), client.raw('GET', '/version')]);
  const byKind = new Map<string, ApiResource>();
  for (const resource of catalog.resources) {
    const key = `${apiVersionOf(resource)}/${resource.kind}`;
    // Some kinds are the answer of several resources; the first listed is the one that stores them.
    if (!byKind.has(key)) byKind.set(key, resource);
  }
  const { gitVersion = '', major = '', minor = '' } = version as Partial<ServerVersion>;
  const serverVersion = { gitVersion, major, minor };
  return { byKind, versions: [...catalog.versions].sort(), serverVersion, readAt };
}

async function readCatalog(client: KubeClient): Promise<ApiCatalog> {
  const accept = `${AGGREGATED},application/json`;
  const documents = await Promise.all(['/api', '/apis'].map((path) => client.raw('GET', path, { accept })));
  if (documents.every(isAggregated)) return catalogOf(documents);
  return readLists(client, documents);
}

/** One request a group version. One that fails, as where its aggregated server is down, leaves the rest usable. */
async function readLists(client: KubeClient, documents: readonly unknown[]): Promise<ApiCatalog> {
  const groupVersions = documents.flatMap(groupVersionsIn);
  const lists = await Promise.allSettled(
    groupVersions.map((each) => client.raw('GET', each.includes('/') ? `/apis/${each}` : `/api/${each}`)),
  );
  const read = lists.flatMap((list) => (list.status === 'fulfilled' ? [list.value as ResourceList] : []));
  return catalogOfLists(groupVersions, read);
}

function groupVersionsIn(document: unknown): string[] {
  const { versions = [], groups = [] } = document as {
    versions?: string[];
    groups?: { versions: { groupVersion: string }[] }[];
  };
  return [...versions, ...groups.flatMap((group) => group.versions.map((version) => version.groupVersion))];
}
