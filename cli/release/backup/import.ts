import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { RELEASE_LABEL } from '../../../crds/index.ts';
import { isKubeError } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { HISTORIES, RELEASES, withCluster, type Cluster, SECRETS } from '../../cluster.ts';
import { readArguments, type Command } from '../../command.ts';
import { CliError, reasonOf } from '../../errors.ts';
import { counted } from '../../words/counted.ts';
import { createOnce } from './create-once.ts';
import { exportedIn, ownedChunk } from './exported-objects.ts';

/** `kubectl release import`. */
export const usage = `Usage: kubectl release import -f FILE [-n NAMESPACE]

Creates a release that kubectl release export has written, with all of its versions: it goes on with their numbers. Objects that it left
behind are its own again. You need permission to create ReleaseHistories, which only an administrator of the cluster has, and Secrets.

  -f, --filename FILE      what export has written; "-" for standard input
  -n, --namespace          instead of the namespace that it is from
  --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = { ...CLUSTER_OPTIONS, filename: { type: 'string', short: 'f' } } as const;

/** Creates the versions, and then the Release. */
export const run: Command = async (args, terminal) => {
  const { values: flags } = readArguments(args, options);
  if (flags.filename === undefined)
    throw new CliError('Usage', 'which file? Name it with -f FILE; - is standard input');
  const { release, histories, chunks } = exportedIn(await documentIn(flags.filename), flags.namespace);
  return withCluster(flags, async (cluster) => {
    const namespace = release.metadata.namespace ?? cluster.namespace;
    const { name } = release.metadata;
    await requireAbsence(cluster, namespace, name);
    const versions: KubeObject[] = [];
    for (const history of histories) versions.push((await createOnce(cluster, HISTORIES, history)).object);
    for (const chunk of chunks) await createChunk(cluster, ownedChunk(chunk, versions));
    // Last: it goes on with the versions that exist.
    await cluster.client.create(RELEASES, release, { fieldManager: 'kubectl-release' });
    terminal.out(`release.coxswain.dev/${name} imported with ${counted(versions.length, 'version')}`);
    return 0;
  });
};

/** Creates a chunk or, if it exists, has it owned by these versions too; also if it is deleted meanwhile. Throws as createOnce. */
async function createChunk(cluster: Cluster, chunk: KubeObject): Promise<void> {
  try {
    await addOwners(cluster, (await createOnce(cluster, SECRETS, chunk)).object, chunk);
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
    await createOnce(cluster, SECRETS, chunk);
  }
}

/** The garbage collector is about to delete a chunk whose owners are all deleted. */
async function addOwners({ client }: Cluster, { metadata }: KubeObject, chunk: KubeObject): Promise<void> {
  const { namespace, name, ownerReferences = [] } = metadata;
  const uids = new Set(ownerReferences.map(({ uid }) => uid));
  const missing = chunk.metadata.ownerReferences?.filter(({ uid }) => !uids.has(uid)) ?? [];
  if (missing.length === 0) return;
  const owned = { metadata: { ownerReferences: [...ownerReferences, ...missing] } };
  await client.patchMerge(SECRETS, namespace, name, owned);
}

async function documentIn(path: string): Promise<unknown> {
  const { readExactYaml } = await import('../../../golang/yaml/index.ts');
  try {
    return readExactYaml(path === '-' ? await text(process.stdin) : await readFile(path, 'utf8'), (exact) => exact);
  } catch (cause) {
    throw new CliError('Unreadable', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

async function requireAbsence({ client }: Cluster, namespace: string, name: string): Promise<void> {
  try {
    const { metadata } = await client.get(RELEASES, namespace, name);
    throw existing(name, namespace, metadata.labels?.[RELEASE_LABEL]);
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
  }
}

/** A Release whose chart makes others makes them again if they do not exist yet. */
function existing(name: string, namespace: string, parent: string | undefined): CliError {
  const what = `release "${name}" exists in namespace "${namespace}"`;
  const next = `See it: kubectl release status ${name} -n ${namespace}`;
  if (parent === undefined) return new CliError('NotReady', `${what}: delete it first`, { next });
  const order = `delete both with --cascade=orphan, then the ReleaseHistories of "${name}", and import "${name}" first`;
  return new CliError('NotReady', `${what}, made by release "${parent}": ${order}`, { next });
}
