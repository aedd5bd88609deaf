import type { HookResult, Release } from '../../crds/index.ts';
import { apiVersionOf, discover, isKubeError, type ApiResource, type Discovery } from '../../kube/index.ts';
import { podSelectorOf, podsSelectedBy, type KubeObject } from '../../resources/index.ts';
import type { Cluster } from '../releases/index.ts';

/** The resource of Pods. */
export const PODS: ApiResource = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };

/** A child or a hook of a Release. */
interface Part {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What was read of a cluster before. */
interface Known {
  readonly discovery: Discovery;
  readonly pods: readonly KubeObject[];
}

/** The pods that a Release has made by its objects, hooks and tests, those that still exist. Throws KubeError. */
export async function podsOfRelease(cluster: Cluster, release: Release, known?: Known): Promise<KubeObject[]> {
  return podsOf(cluster, partsOf(release), known);
}

/** Those that its last tests have made. Throws KubeError. */
export async function podsOfTests(cluster: Cluster, release: Release): Promise<KubeObject[]> {
  return podsOf(cluster, hookParts(release, release.status?.tests?.results));
}

async function podsOf(cluster: Cluster, parts: readonly Part[], known?: Known): Promise<KubeObject[]> {
  const { client, namespace } = cluster;
  const discovery = known?.discovery ?? discover(client);
  const pods = known?.pods ?? (await client.list(PODS, namespace));
  const found = new Set<KubeObject>();
  for (const part of parts) {
    if (part.namespace !== namespace) continue;
    const workload = await workloadOf(cluster, discovery, part);
    const itself = pods.filter(({ metadata }) => part.kind === 'Pod' && metadata.name === part.name);
    for (const pod of workload ? podsSelectedBy(workload, pods) : itself) found.add(pod);
  }
  return [...found];
}

/** The names of all that belongs to a Release and may have events: itself, its objects and hooks, their pods, and what made those. */
export function namesWithEvents(release: Release, pods: readonly KubeObject[]): Set<string> {
  const names = new Set([`Release/${release.metadata.name}`]);
  for (const { kind, name } of partsOf(release)) names.add(`${kind}/${name}`);
  for (const { metadata } of pods) {
    names.add(`Pod/${metadata.name}`);
    for (const { kind, name } of metadata.ownerReferences ?? []) names.add(`${kind}/${name}`);
  }
  return names;
}

const HOOKS_WITH_PODS: Readonly<Record<string, string>> = { Job: 'batch/v1', Pod: 'v1' };

function partsOf(release: Release): Part[] {
  const { status } = release;
  const children = (status?.resources ?? []).map(({ group, version, kind, namespace, name }) => {
    return { apiVersion: apiVersionOf({ group, version }), kind, namespace, name };
  });
  return [...children, ...hookParts(release, status?.hooks), ...hookParts(release, status?.tests?.results)];
}

function hookParts({ metadata: { namespace } }: Release, hooks: readonly HookResult[] = []): Part[] {
  return hooks.map(({ kind, name }) => ({ apiVersion: HOOKS_WITH_PODS[kind] ?? '', kind, namespace, name }));
}

/** The live object, if it is one that makes pods, and exists. */
async function workloadOf(
  { client }: Cluster,
  discovery: Discovery,
  { apiVersion, kind, namespace, name }: Part,
): Promise<KubeObject | undefined> {
  if (apiVersion === '' || !podSelectorOf({ apiVersion, kind, metadata: { name } })) return undefined;
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource) return undefined;
  try {
    return await client.get(resource, namespace, name);
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}
