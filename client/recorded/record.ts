import { historyName, type ReleaseHistory } from '../../crds/index.ts';
import { decodeBase, decodeRecord, RecordError, type Chunk, type VersionRecord } from '../../records/index.ts';
import { textsAndNumbersIn, unpacked } from '../../resources/index.ts';
import { HISTORIES, readHistories, recordOf, SECRETS, type Cluster } from '../releases/index.ts';
import { ClientError, reasonOf } from '../messages/index.ts';

/** What a version was made from. */
export type Recorded = Pick<VersionRecord, 'content' | 'values' | 'secretValues'>;

/** The ReleaseHistory of a version. Throws ClientError NotFound, naming those that exist, if it is not recorded; KubeError. */
export async function readHistory(cluster: Cluster, name: string, version: number): Promise<ReleaseHistory> {
  const { isKubeError } = await import('../../kube/index.ts');
  try {
    return (await cluster.client.get(
      HISTORIES,
      cluster.namespace,
      historyName(name, version),
    )) as unknown as ReleaseHistory;
  } catch (cause) {
    if (!isKubeError(cause, 'NotFound')) throw cause;
    return recordOf(await readHistories(cluster, name), version);
  }
}

/**
 * What is recorded of a version, in the Secrets that its ReleaseHistory names. Throws ClientError Unreadable where one of them is gone, may not
 * be read, or is not what was recorded; KubeError.
 */
export async function readRecorded(cluster: Cluster, { spec }: ReleaseHistory): Promise<VersionRecord> {
  const { base, chunks, digests, version } = spec;
  const encoded = { digest: digests.record, chunks: await readChunks(cluster, chunks, version) };
  const baseChunks = base && { digest: base.digest, chunks: await readChunks(cluster, base.chunks, version) };
  try {
    const text = baseChunks && (await decodeBase(baseChunks));
    return unpacked(await decodeRecord(encoded, { base: text }));
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw new ClientError('Unreadable', `version ${version}: ${cause.message}`, { cause });
  }
}

async function readChunks(
  cluster: Cluster,
  named: ReleaseHistory['spec']['chunks'],
  version: number,
): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (const { name, digest } of named) chunks.push({ digest, bytes: await readChunk(cluster, name, version) });
  return chunks;
}

async function readChunk({ client, namespace }: Cluster, name: string, version: number): Promise<Buffer> {
  const { isKubeError } = await import('../../kube/index.ts');
  try {
    const secret = await client.get<ChunkSecret>(SECRETS, namespace, name);
    return Buffer.from(secret.data?.chunk ?? '', 'base64');
  } catch (cause) {
    if (!isKubeError(cause, 'NotFound') && !isKubeError(cause, 'Forbidden')) throw cause;
    const what = `version ${version} is recorded in Secrets, one of which cannot be read`;
    throw new ClientError('Unreadable', `${what}: ${reasonOf(cause)}`, { cause });
  }
}

type ChunkSecret = Parameters<Cluster['client']['create']>[1] & { data?: { chunk?: string } };

/** A text of fewer characters does not count as a secret: it would be found everywhere. */
export const SHORTEST = 4;

/** The texts and numbers of at least four characters that came from Secrets; where that is not recorded, all. */
export function secretsAmong({ content, values, secretValues }: Recorded): ReadonlySet<string> {
  const isUntold = secretValues === undefined && content.valuesFrom?.some(({ kind }) => kind === 'Secret') === true;
  const texts = isUntold ? [...textsAndNumbersIn(values)] : (secretValues ?? []);
  return new Set(texts.filter((text) => text.length >= SHORTEST));
}
