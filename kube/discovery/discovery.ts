import { createHash } from 'node:crypto';
import { groupOf } from '../../resources/index.ts';
import type { ApiResource } from '../api-resource.ts';
import { apiVersionOf } from '../api-resource.ts';
import type { KubeClient } from '../client.ts';
import { isDefined } from './definitions.ts';
import type { ApiCatalog, ResourceList } from './documents.ts';
import { catalogOf, catalogOfLists, isAggregated } from './documents.ts';

/** What the API server serves, read once and kept; see `resourceFor` for when it is read again. */
export interface Discovery {
  /**
   * The resource for an object's apiVersion and kind; undefined where the server has none. A miss reads the catalog
   * again, at most every `refreshIntervalMs`. Throws KubeError where it cannot be read.
   */
  resourceFor(apiVersion: string, kind: string): Promise<ApiResource | undefined>;
  /** As resourceFor, in the version that the server prefers for the kind. */
  resourceOfKind(group: string, kind: string): Promise<ApiResource | undefined>;
  /**
   * Whether objects of a kind that is not served may still be there: its server does not answer, or its CustomResourceDefinition exists
   * and serves none of its versions. Asked once for each reading of the catalog. Throws KubeError.
   */
  mayHaveObjects(group: string, kind: string): Promise<boolean>;
  /** As Helm's `Capabilities.APIVersions`, sorted: `v1`, `apps/v1`, `apps/v1/Deployment`. */
  apiVersions(): Promise<string[]>;
  /** What the server says of its version, as Helm's `Capabilities.KubeVersion` has it; `minor` may look like `29+`. */
  serverVersion(): Promise<ServerVersion>;
  /** Everything that a chart may be told of the cluster, as it was last read. */
  offer(): Promise<Offer>;
  /** Reads everything again, unless that was done less than `maxAgeMs` ago; what is kept stays in use where that fails. */
  refresh(maxAgeMs?: number): Promise<void>;
}

/** What a cluster offers to charts: its version and its APIs. */
export interface Offer {
  readonly kubeVersion: ServerVersion;
  /** As Helm's `Capabilities.APIVersions`. */
  readonly names: ReadonlySet<string>;
  /** Groups whose server does not answer, so that it is unknown which kinds they have. */
  readonly silentGroups: ReadonlySet<string>;
  /** Equal for equal names. */
  readonly digest: string;
}

/** The version of an API server: `gitVersion` looks like `v1.36.3`. */
interface ServerVersion {
  gitVersion: string;
  major: string;
  minor: string;
}

interface Snapshot {
  /** By `apiVersion/kind`. */
  byVersion: ReadonlyMap<string, ApiResource>;
  /** By `group/kind`. */
  byKind: ReadonlyMap<string, ApiResource>;
  /** Groups of which a version is announced without any resource. */
  silentGroups: ReadonlySet<string>;
  standing: Map<string, Promise<boolean>>;
  versions: string[];
  offer: Offer;
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

  const find = async (index: 'byVersion' | 'byKind', key: string): Promise<ApiResource | undefined> => {
    const known = await snapshot();
    const found = known[index].get(key);
    if (found !== undefined || performance.now() - known.readAt < refreshIntervalMs) return found;
    return (await refresh())[index].get(key);
  };

  return {
    resourceFor: async (apiVersion, kind) => find('byVersion', `${apiVersion}/${kind}`),
    resourceOfKind: async (group, kind) => find('byKind', `${group}/${kind}`),
    async mayHaveObjects(group, kind) {
      const { silentGroups, standing } = await snapshot();
      const key = `${group}/${kind}`;
      const known =
        standing.get(key) ?? (silentGroups.has(group) ? Promise.resolve(true) : isDefined(client, group, kind));
      standing.set(key, known);
      // A failure is no answer.
      known.catch(() => standing.delete(key));
      return known;
    },
    apiVersions: async () => (await snapshot()).versions,
    serverVersion: async () => (await snapshot()).offer.kubeVersion,
    offer: async () => (await snapshot()).offer,
    refresh: async (maxAgeMs = 0) => {
      if (current === undefined || performance.now() - current.readAt >= maxAgeMs) await refresh();
    },
  };
}

async function readSnapshot(client: KubeClient): Promise<Snapshot> {
  const readAt = performance.now();
  const [catalog, version] = await Promise.all([readCatalog(client), client.raw('GET', '/version')]);
  const byVersion = new Map<string, ApiResource>();
  const byKind = new Map<string, ApiResource>();
  const speaking = new Set<string>();
  for (const resource of catalog.resources) {
    const version = apiVersionOf(resource);
    const [exact, any] = [`${version}/${resource.kind}`, `${resource.group}/${resource.kind}`];
    // Several resources may answer with one kind; the first listed is the one that stores it.
    if (!byVersion.has(exact)) byVersion.set(exact, resource);
    if (!byKind.has(any)) byKind.set(any, resource);
    speaking.add(version);
  }
  const silent = [...catalog.versions].filter((name) => name.split('/').length === 2 && !speaking.has(name));
  const silentGroups = new Set(silent.map(groupOf));
  const { gitVersion = '', major = '', minor = '' } = version as Partial<ServerVersion>;
  const versions = [...catalog.versions].sort();
  const digest = createHash('sha256').update(versions.join('\n')).digest('hex');
  const kubeVersion = { gitVersion, major, minor };
  const offer = { kubeVersion, names: new Set(versions), silentGroups, digest: `sha256:${digest}` };
  return { byVersion, byKind, silentGroups, standing: new Map(), versions, offer, readAt };
}

async function readCatalog(client: KubeClient): Promise<ApiCatalog> {
  const accept = `${AGGREGATED},application/json`;
  const documents = await Promise.all(['/api', '/apis'].map((path) => client.raw('GET', path, { accept })));
  if (documents.every(isAggregated)) return catalogOf(documents);
  return readLists(client, documents);
}

/** One request per group version. One that fails, as when its aggregated server is down, leaves the rest usable. */
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
