import {
  CHUNK_SECRET_TYPE,
  GROUP_VERSION,
  RELEASE_LABEL,
  historyName,
  type OwnerReference,
  type Release,
  type ReleaseHistory,
  type ReleaseHistorySpec,
} from '../../crds/index.ts';
import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { ReleaseError } from '../pass/errors.ts';
import { decodeRecord, encodeRecord, type Chunk, type VersionRecord } from './record.ts';
import { HISTORIES, SECRETS } from '../pass/resources.ts';

/** What a ReleaseHistory says beyond what follows from the record itself. */
export type HistoryFacts = Omit<ReleaseHistorySpec, 'release' | 'chunks' | 'digests'> & {
  digests: Omit<ReleaseHistorySpec['digests'], 'record'>;
};

/**
 * Stores a version: the ReleaseHistory first, since its chunks are owned by it and go with it, then the chunks. Creation is
 * the lock: two controllers cannot record the same number. A history without all its chunks counts as not recorded.
 */
export async function recordVersion(
  client: KubeClient,
  release: Release,
  record: VersionRecord,
  facts: HistoryFacts,
): Promise<ReleaseHistory> {
  const { digest, chunks } = await encodeRecord(record);
  const named = chunks.map((chunk) => ({ name: chunkName(release.metadata.name, chunk), digest: chunk.digest }));
  const { name, namespace } = release.metadata;
  const history = await client.create<ReleaseHistory>(HISTORIES, {
    apiVersion: GROUP_VERSION,
    kind: 'ReleaseHistory',
    metadata: {
      name: historyName(name, facts.version),
      namespace,
      labels: { [RELEASE_LABEL]: name },
      ownerReferences: [ownerReference(release)],
    },
    spec: { ...facts, release: name, chunks: named, digests: { ...facts.digests, record: digest } },
  } as unknown as ReleaseHistory);
  for (const chunk of chunks) await storeChunk(client, history, chunk);
  return history;
}

/** Reads a version back; throws ReleaseError HistoryCorrupted where a chunk is gone or is not what was recorded. */
export async function readRecord(client: KubeClient, history: ReleaseHistory): Promise<VersionRecord> {
  const { namespace, name } = history.metadata;
  const chunks: Chunk[] = [];
  for (const { name: chunk, digest } of history.spec.chunks) {
    try {
      const secret = await client.get(SECRETS, namespace, chunk);
      const data = secret['data'] as { chunk?: string } | undefined;
      chunks.push({ digest, bytes: Buffer.from(data?.chunk ?? '', 'base64') });
    } catch (cause) {
      if (!isKubeError(cause, 'NotFound')) throw cause;
      const message = `ReleaseHistory ${name} cannot be used: its chunk, Secret ${chunk}, is gone`;
      throw new ReleaseError('HistoryCorrupted', message, { cause });
    }
  }
  return decodeRecord(history.spec.digests.record, chunks);
}

/** Deletes a version; the garbage collector takes its chunks with it. A version that is gone already is fine. */
export async function forgetVersion(client: KubeClient, history: ReleaseHistory): Promise<void> {
  const { namespace, name, uid } = history.metadata;
  await client.remove(HISTORIES, namespace, name, { uid, propagation: 'Background' });
}

/**
 * Of histories given oldest first, those beyond the limit. Always kept are the version in force and the newest: the next
 * number is counted from it.
 */
export function historiesBeyond(limit: number, inForce: number, histories: ReleaseHistory[]): ReleaseHistory[] {
  const others = histories.slice(0, -1).filter((history) => history.spec.version !== inForce);
  return others.slice(0, Math.max(0, histories.length - Math.max(1, limit)));
}

async function storeChunk(client: KubeClient, history: ReleaseHistory, chunk: Chunk): Promise<void> {
  const { namespace, name, uid } = history.metadata;
  const owner: OwnerReference = { apiVersion: GROUP_VERSION, kind: 'ReleaseHistory', name, uid };
  const secret = chunkName(history.spec.release, chunk);
  try {
    await client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secret,
        namespace,
        labels: { [RELEASE_LABEL]: history.spec.release },
        ownerReferences: [owner],
      },
      type: CHUNK_SECRET_TYPE,
      immutable: true,
      data: { chunk: chunk.bytes.toString('base64') },
    });
  } catch (error) {
    if (!isKubeError(error, 'AlreadyExists')) throw error;
    await checkChunk(client, namespace, secret, chunk);
    // Another version holds the same bytes: the chunk has one more owner, and goes with the last of them.
    const add = { op: 'add', path: '/metadata/ownerReferences/-', value: owner } as const;
    await client.patchJson(SECRETS, namespace, secret, [add]);
  }
}

async function checkChunk(client: KubeClient, namespace: string, name: string, chunk: Chunk): Promise<void> {
  const { data } = await client.get<KubeObject & { data?: { chunk?: string } }>(SECRETS, namespace, name);
  if (data?.chunk === chunk.bytes.toString('base64')) return;
  throw new ReleaseError('HistoryCorrupted', `Secret ${name} has the name of a chunk and other content: delete it`);
}

function chunkName(release: string, chunk: Chunk): string {
  return `${release}-${chunk.digest.slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

function ownerReference(release: Release): OwnerReference {
  const { name, uid } = release.metadata;
  return { apiVersion: GROUP_VERSION, kind: 'Release', name, uid, controller: true, blockOwnerDeletion: false };
}
