import { choosePrimary, correctionOf, statusOf, type Member } from './decisions.ts';
import { GROUP, type Cluster, type ClusterStatus, type Metadata } from './kinds.ts';
import { apply, create, list, merge, pathOf, read, remove, writeStatus } from './kubernetes.ts';
import { ask, follow, lead, type Address } from './member.ts';
import { CLUSTER_LABEL, ROLE_LABEL, hostOf, memberNames, objectsOf, secretName, secretOf } from './objects.ts';

type Pod = { readonly metadata: Metadata; readonly status?: { readonly podIP?: string } };
/** A member, and how it is reached where its pod has an address. */
type Reached = Member & { readonly address?: Address };
type Secret = { readonly data: Readonly<Record<string, string>> };

/** What the operator remembers of a cluster from one pass to the next. What it has to know after a restart is in the cluster's status. */
export type Memory = { applied?: number; silentSince?: number; promotions: number };

/**
 * Brings one cluster nearer to what it should be, and returns what is then to be said of it. The choice of a primary is written before anything
 * is done about it, so that whoever comes next goes on with it.
 */
export async function keepCluster(cluster: Cluster, memory: Memory): Promise<ClusterStatus> {
  await keepObjects(cluster, memory);
  const pods = await podsOf(cluster);
  const password = await passwordOf(cluster);
  const members = await Promise.all(
    memberNames(cluster).map(async (name) => reach(cluster, name, pods.get(name), password)),
  );
  const previous = cluster.status?.primary;
  const primary = choosePrimary(previous, members, silentSeconds(memory, members, previous));
  if (primary !== previous) {
    await merge(`${clusterPath(cluster)}/status`, { status: { primary } });
    if (previous !== undefined) memory.promotions += 1;
    delete memory.silentSince;
  }
  const leader = members.find(({ name }) => name === primary);
  if (leader) await Promise.all(members.map(async (member) => correct(cluster, member, leader)));
  await Promise.all([...pods.values()].map(async (pod) => labelPod(pod, primary)));
  const status = statusOf(cluster, primary, members);
  await writeStatus(clusterPath(cluster), { ...cluster.status, ...(primary === undefined ? {} : { primary }) }, status);
  return status;
}

async function keepObjects(cluster: Cluster, memory: Memory): Promise<void> {
  const { generation = 0 } = cluster.metadata;
  if (memory.applied === generation) return;
  await create(secretOf(cluster));
  for (const object of objectsOf(cluster)) await apply(object);
  memory.applied = generation;
}

async function podsOf({ metadata }: Cluster): Promise<Map<string, Pod>> {
  const selector = encodeURIComponent(`${CLUSTER_LABEL}=${metadata.name}`);
  const pods = await list<Pod>(`/api/v1/namespaces/${metadata.namespace}/pods?labelSelector=${selector}`);
  return new Map(pods.map((pod) => [pod.metadata.name, pod]));
}

async function passwordOf(cluster: Cluster): Promise<string> {
  const { namespace } = cluster.metadata;
  const metadata = { name: secretName(cluster), namespace };
  const secret = await read<Secret>(pathOf({ apiVersion: 'v1', kind: 'Secret', metadata }));
  return Buffer.from(secret?.data['operator-password'] ?? '', 'base64').toString();
}

async function reach(cluster: Cluster, name: string, pod: Pod | undefined, password: string): Promise<Reached> {
  const ip = pod?.metadata.deletionTimestamp === undefined ? pod?.status?.podIP : undefined;
  const member = { name, host: hostOf(cluster, name) };
  if (ip === undefined) return member;
  const address = { host: ip, password };
  const answer = await ask(address);
  return { ...member, address, ...(answer ? { answer } : {}) };
}

function silentSeconds(memory: Memory, members: readonly Member[], primary: string | undefined): number {
  if (members.some(({ name, answer }) => name === primary && answer !== undefined)) delete memory.silentSince;
  else memory.silentSince ??= performance.now();
  return memory.silentSince === undefined ? 0 : (performance.now() - memory.silentSince) / 1000;
}

/** What one member does not do is tried again in the next pass, and holds up no other. */
async function correct({ metadata }: Cluster, member: Reached, leader: Member): Promise<void> {
  const { name, address } = member;
  const correction = correctionOf(member, leader);
  if (correction === undefined || address === undefined) return;
  const what = `${metadata.namespace}/${metadata.name}: ${correction} ${name}`;
  try {
    if (correction === 'lead') await lead(address);
    else if (correction === 'follow') await follow(address, leader.host);
    else await remove(podPath(metadata.namespace, name));
    console.log(what);
  } catch (error) {
    console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The Services follow the label. */
async function labelPod({ metadata }: Pod, primary: string | undefined): Promise<void> {
  const role = metadata.name === primary ? 'primary' : 'replica';
  if (primary === undefined || metadata.labels?.[ROLE_LABEL] === role) return;
  await merge(podPath(metadata.namespace, metadata.name), { metadata: { labels: { [ROLE_LABEL]: role } } });
}

function podPath(namespace: string, name: string): string {
  return pathOf({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } });
}

function clusterPath({ metadata }: Cluster): string {
  return pathOf({ apiVersion: GROUP, kind: 'MySQLCluster', metadata });
}
