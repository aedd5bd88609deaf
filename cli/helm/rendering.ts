import {
  loadChart,
  readManifests,
  renderChart,
  type HelmVersion,
  type Json,
  type JsonObject,
  type Lookup,
  type Manifests,
  type Rendering,
} from '../../chart-renderer/index.ts';
import { isKubeError, type ApiResource, type Discovery, type KubeClient } from '../../kube/index.ts';
import {
  atOnce,
  changesBetweenManifests,
  type DiffOptions,
  type FieldChange,
  type KubeObject,
} from '../../resources/index.ts';
import type { Cluster } from '../cluster.ts';
import type { StoredRelease } from './stored-release.ts';

/** A cluster, and what it serves. */
export interface ServedCluster extends Cluster {
  readonly discovery: Discovery;
}

const MAX_DOCUMENTS = 100_000;
const MAX_LOOKUP_ROUNDS = 10;
/** All of them are shown. */
const MAX_CHANGES = 10_000;

/** The objects and hooks of a release as Helm rendered them. Throws ChartError. */
export function storedManifests({ manifest, hooks }: StoredRelease): Manifests {
  const files = (hooks ?? []).map((hook, index): [string, string] => [`${hook.path}#${index}`, hook.manifest]);
  return readManifests({ manifest, ...Object.fromEntries(files) }, 'v4', MAX_DOCUMENTS);
}

/** The objects of a release as Helm rendered them, hooks apart. Throws ChartError. */
export function storedObjects({ manifest }: StoredRelease): KubeObject[] {
  return readManifests({ manifest }, 'v4', MAX_DOCUMENTS).objects.map(({ object }) => object);
}

/**
 * Renders a chart as it was rendered for a release, with what Helm drew at random for the live objects. Lookups see what the user sees.
 * Throws ChartError, TemplateError, KubeError.
 */
export async function renderAgain(
  cluster: ServedCluster,
  { name, version, config }: StoredRelease,
  { bytes, helmVersion }: { bytes: Uint8Array; helmVersion: HelmVersion },
  live: readonly KubeObject[],
): Promise<Rendering> {
  const chart = await loadChart(bytes, { helmVersion });
  const { discovery, namespace } = cluster;
  const capabilities = { kubeVersion: await discovery.serverVersion(), apiVersions: await discovery.apiVersions() };
  const isUpgrade = version > 1;
  const release = { name, namespace, revision: version, isInstall: !isUpgrade, isUpgrade, service: 'Helm' };
  return withLookups(cluster, (lookup) =>
    renderChart(chart, {
      release,
      values: config ?? {},
      capabilities,
      schemaValidation: 'skip',
      lookup,
      memory: { remembered: {}, time: 'real', live },
    }),
  );
}

/** Renders as often as it takes until each lookup of it is answered by the cluster, as the user. Throws KubeError, and what it throws. */
export async function withLookups<T>(cluster: ServedCluster, render: (lookup: Lookup) => Promise<T>): Promise<T> {
  const answers = new Map<string, Json>();
  for (let round = 1; ; round += 1) {
    const asked = new Map<string, string[]>();
    const rendered = render((...question) => {
      const key = question.join(' ');
      if (!answers.has(key)) asked.set(key, question);
      return answers.get(key) ?? null;
    });
    // A template may fail only because a lookup is not answered yet.
    await rendered.catch(() => undefined);
    if (asked.size === 0 || round === MAX_LOOKUP_ROUNDS) return rendered;
    for (const [key, question] of asked) answers.set(key, await answerTo(cluster, question));
  }
}

async function answerTo({ client, discovery }: ServedCluster, question: readonly string[]): Promise<Json> {
  const [apiVersion = '', kind = '', namespace = '', name = ''] = question;
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) return null;
  const scope = resource.namespaced && namespace !== '' ? namespace : undefined;
  if (name !== '') return ((await existing(client, resource, scope, name)) ?? null) as Json;
  return {
    apiVersion,
    kind: `${kind}List`,
    metadata: {},
    items: (await client.list(resource, scope)) as unknown as JsonObject[],
  };
}

/** The live objects of these names, by their indexes; undefined where there is none. Throws KubeError. */
export async function liveObjects(
  { client, discovery, namespace }: ServedCluster,
  objects: readonly KubeObject[],
): Promise<(KubeObject | undefined)[]> {
  const found: (KubeObject | undefined)[] = [];
  for (const { apiVersion, kind, metadata } of objects) {
    const resource = await discovery.resourceFor(apiVersion, kind);
    const scope = resource?.namespaced ? namespace : undefined;
    found.push(resource && metadata.name ? await existing(client, resource, scope, metadata.name) : undefined);
  }
  return found;
}

async function existing(
  client: KubeClient,
  resource: ApiResource,
  namespace: string | undefined,
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(resource, namespace, name);
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** What differs between two sets of objects, with the data of Secrets masked. */
export function changesFrom(before: readonly KubeObject[], after: readonly KubeObject[]): FieldChange[] {
  return comparisonOf(before, after, { max: MAX_CHANGES, masked: (text) => text }).changes;
}

/** The same, with the number of changes beside the first of them, and with what else has to be masked. */
export function comparisonOf(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  options: DiffOptions,
): { changes: FieldChange[]; total: number } {
  return atOnce(changesBetweenManifests(before, after, options));
}
