import {
  GROUP_VERSION,
  RELEASE_UID_LABEL,
  historyName,
  type OwnerReference,
  type Release,
  type ReleaseHistory,
  type ReleaseHistorySpec,
} from '../../crds/index.ts';
import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import {
  bytesOf,
  bytesOfRecord,
  CHUNK_BYTES,
  chunkName,
  chunkSecret,
  decodeBase,
  decodeRecord,
  encodeDifference,
  encodeRecord,
  isIntact,
  freeBuffer,
  type Chunk,
  type EncodedRecord,
  RecordError,
  type VersionRecord,
} from '../../records/index.ts';
import { inTurns } from '../../turns/index.ts';
import { HISTORIES, SECRETS } from '../pass/resources.ts';
import { serially } from './serial.ts';
import { isOwnedBy, annotationsFrom, ownershipOf } from './owned-versions.ts';

/** What a ReleaseHistory says beyond what follows from the record itself. */
export interface HistoryFacts extends Omit<ReleaseHistorySpec, 'release' | 'chunks' | 'digests' | 'base'> {
  digests: Omit<ReleaseHistorySpec['digests'], 'record'>;
}

/** Where a record is stored: its chunks, and the digest of what they hold together. */
type StoredRecord = NonNullable<ReleaseHistorySpec['base']>;

/**
 * Stores a version: the ReleaseHistory first, since its chunks are owned by it and go with it, then the chunks. Creation is the lock: two
 * controllers cannot record the same number. A history that lacks a chunk, or does not own one, does not count as recorded: `readRecord`
 * completes what was cut short. Throws KubeError, ReleaseError.
 */
export async function recordVersion(
  client: KubeClient,
  release: Release,
  record: VersionRecord,
  { facts, previous }: { facts: HistoryFacts; previous: ReleaseHistory | undefined },
): Promise<ReleaseHistory> {
  const { digest, chunks, base } = await encoded(client, record, previous);
  const named = chunks.map((chunk) => ({ name: chunkName(release.metadata.name, chunk), digest: chunk.digest }));
  const { name, namespace } = release.metadata;
  const history = await client.create<ReleaseHistory>(HISTORIES, {
    apiVersion: GROUP_VERSION,
    kind: 'ReleaseHistory',
    metadata: {
      name: historyName(name, facts.version),
      namespace,
      ...ownershipOf(release),
      ...annotationsFrom(release),
    },
    spec: {
      ...facts,
      release: name,
      chunks: named,
      digests: { ...facts.digests, record: digest },
      ...(base && { base: base.stored }),
    },
  } as unknown as ReleaseHistory);
  for (const chunk of chunks) await storeChunk(client, history, chunk);
  for (const secret of base?.secrets ?? []) await ownChunk(client, history, secret);
  return history;
}

/**
 * A record that takes less where it is stored is stored whole: each version needs one chunk then, and no other one. The texts of others may
 * take tens of megabytes for a moment: they are looked at one after the other.
 */
const LARGE_BYTES = 64 * 1024;
/** Compressing a smaller record takes no more memory than its pass has anyway. */
const LONG_BYTES = 1024 * 1024;
const oneByOne = serially();

/** A record as it is to be stored: as the difference from what the previous version is stored by, if that saves much. */
async function encoded(
  client: KubeClient,
  record: VersionRecord,
  previous: ReleaseHistory | undefined,
): Promise<EncodedRecord & { base?: { stored: StoredRecord; secrets: ChunkSecret[] } }> {
  const encode = async (): Promise<EncodedRecord> => encodeRecord(record);
  const full = await (bytesOfRecord(record) >= LONG_BYTES ? oneByOne(encode) : encode());
  if (!previous || bytesOf(full) < LARGE_BYTES) return full;
  const stored = previous.spec.base ?? storedRecordOf(previous);
  try {
    const { chunks, secrets } = await readChunks(client, previous, stored);
    const difference = await oneByOne(async () => {
      const text = await recorded(decodeBase({ digest: stored.digest, chunks }));
      const made = await encodeDifference(record, text, full);
      freeBuffer(text);
      return made;
    });
    return difference ? { ...difference, base: { stored, secrets } } : full;
  } catch (error) {
    // That something of the previous version is lost is no reason not to record the next one.
    if (error instanceof ReleaseError && error.code === 'HistoryCorrupted') return full;
    throw error;
  }
}

/**
 * Reads a version back, and makes sure that its chunks stay for as long as it does. Throws ReleaseError HistoryCorrupted where a
 * chunk is gone or is not what was recorded, KubeError.
 */
export async function readRecord(client: KubeClient, history: ReleaseHistory): Promise<VersionRecord> {
  const { base: stored } = history.spec;
  const base = stored && (await readOwned(client, history, stored));
  const encoded = await readOwned(client, history, storedRecordOf(history));
  const decode = async (): Promise<VersionRecord> => {
    const text = base && (await recorded(decodeBase(base)));
    const record = await recorded(decodeRecord(encoded, { base: text, run: inTurns }));
    if (text) freeBuffer(text);
    return record;
  };
  return base || bytesOf(encoded) >= LARGE_BYTES ? oneByOne(decode) : decode();
}

/** How many bytes a version takes at most where it is stored, with what it is the difference from. */
export function storedBytes({ spec: { chunks, base } }: ReleaseHistory): number {
  return (chunks.length + (base?.chunks.length ?? 0)) * CHUNK_BYTES;
}

/** What was recorded, once it is decoded. Throws ReleaseError HistoryCorrupted where it is not what was recorded. */
async function recorded<T>(decoding: Promise<T>): Promise<T> {
  try {
    return await decoding;
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw new ReleaseError('HistoryCorrupted', cause.message, { cause });
  }
}

function storedRecordOf({ spec: { digests, chunks } }: ReleaseHistory): StoredRecord {
  return { digest: digests.record, chunks };
}

async function readOwned(client: KubeClient, history: ReleaseHistory, stored: StoredRecord): Promise<EncodedRecord> {
  const { chunks, secrets } = await readChunks(client, history, stored);
  for (const secret of secrets) await ownChunk(client, history, secret);
  return { digest: stored.digest, chunks };
}

async function readChunks(
  client: KubeClient,
  history: ReleaseHistory,
  stored: StoredRecord,
): Promise<{ chunks: Chunk[]; secrets: ChunkSecret[] }> {
  const { namespace, name } = history.metadata;
  const chunks: Chunk[] = [];
  const secrets: ChunkSecret[] = [];
  let bytes = 0;
  for (const { name: chunk, digest } of stored.chunks) {
    try {
      const secret = await client.get<ChunkSecret>(SECRETS, namespace, chunk);
      const read = { digest, bytes: Buffer.from(secret.data?.chunk ?? '', 'base64') };
      bytes += read.bytes.length;
      // A Secret that merely has the name of a chunk must not come to be owned, and deleted with the version.
      if (!isIntact(read) || bytes > MAX_STORED_BYTES) throw altered(name, chunk);
      chunks.push(read);
      secrets.push({ ...secret, data: {} });
    } catch (cause) {
      if (!isKubeError(cause, 'NotFound')) throw cause;
      const message = `ReleaseHistory ${name} cannot be used: its chunk, Secret ${chunk}, is gone`;
      throw new ReleaseError('HistoryCorrupted', message, { cause });
    }
  }
  return { chunks, secrets };
}

/** Several times the size of a record that cannot be compressed at all. */
const MAX_STORED_BYTES = 128 * 1024 * 1024;

function altered(history: string, chunk: string): ReleaseError {
  const message = `ReleaseHistory ${history} cannot be used: Secret ${chunk} is not the chunk that was recorded: its digest differs`;
  return new ReleaseError('HistoryCorrupted', message);
}

/** Deletes a version; the garbage collector takes its chunks with it. A version that is gone already is fine. */
export async function deleteVersion(client: KubeClient, history: ReleaseHistory): Promise<void> {
  const { namespace, name, uid } = history.metadata;
  await client.remove(HISTORIES, namespace, name, { uid, propagation: 'Background' });
}

/**
 * Deletes all versions that a Release owns and, in the background, their chunks. One request does it, unless one of `histories`, those of
 * the namespace, bears the Release's uid but is not its own.
 */
export async function deleteAllVersions(
  client: KubeClient,
  release: Release,
  histories: readonly ReleaseHistory[],
): Promise<void> {
  const { namespace, uid } = release.metadata;
  const standing = histories.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const isLabelled = ({ metadata }: ReleaseHistory): boolean => metadata.labels?.[RELEASE_UID_LABEL] === uid;
  const own = standing.filter((history) => isOwnedBy(history, release));
  if (own.length > 1 && standing.every((history) => own.includes(history) === isLabelled(history))) {
    await client.removeAll(HISTORIES, namespace, `${RELEASE_UID_LABEL}=${uid}`, { propagation: 'Background' });
    return;
  }
  for (const history of own) await deleteVersion(client, history);
}

/**
 * Of histories given oldest first, those beyond the limit. Of a streak of versions that no edit made, those replaced within the streak go
 * before all others, and a streak never drives out what an edit made. Three are always kept: the version in force; the newest, since the
 * next number is counted from it; and the newest that an edit made.
 */
export function historiesBeyond(
  limit: number,
  needed: readonly (number | undefined)[],
  histories: readonly ReleaseHistory[],
): ReleaseHistory[] {
  const newest = histories.at(-1);
  const edited = histories.findLast(({ spec }) => spec.cause === 'Edit');
  const isKept = (history: ReleaseHistory): boolean =>
    history === newest || history === edited || needed.includes(history.spec.version);
  const replaced = histories.filter((history, index) => isFollowedInRow(history, histories[index + 1]));
  const inOrder = [...new Set([...replaced, ...histories])].filter((history) => !isKept(history));
  const isRow = (newest?.spec.streak ?? 0) > 1;
  const candidates = isRow ? inOrder.filter(({ spec }) => spec.cause !== 'Edit') : inOrder;
  return candidates.slice(0, Math.max(0, histories.length - Math.max(1, limit)));
}

function isFollowedInRow({ spec }: ReleaseHistory, next: ReleaseHistory | undefined): boolean {
  return spec.streak !== undefined && (next?.spec.streak ?? 0) > spec.streak;
}

interface ChunkSecret extends KubeObject {
  data?: { chunk?: string };
}

/** A chunk may be a megabyte: the server need not send it back. */
const BRIEFLY = { content: 'metadata' } as const;

async function storeChunk(client: KubeClient, history: ReleaseHistory, chunk: Chunk): Promise<void> {
  const { namespace } = history.metadata;
  const secret = chunkSecret(history.spec.release, namespace, chunk);
  const { name } = secret.metadata;
  try {
    const owned = { ...secret, metadata: { ...secret.metadata, ownerReferences: [ownedBy(history)] } };
    await client.create<KubeObject>(SECRETS, owned, BRIEFLY);
  } catch (error) {
    if (!isKubeError(error, 'AlreadyExists')) throw error;
    const stored = await client.get<ChunkSecret>(SECRETS, namespace, name);
    if (stored.data?.chunk !== chunk.bytes.toString('base64')) {
      throw new ReleaseError('HistoryCorrupted', `Secret ${name} has the name of a chunk but other content: delete it`);
    }
    await ownChunk(client, history, stored);
  }
}

/** Versions that hold the same bytes share a chunk: it goes with the last of its owners. Throws Conflict where it was changed meanwhile. */
async function ownChunk(client: KubeClient, history: ReleaseHistory, { metadata }: ChunkSecret): Promise<void> {
  const { name, namespace, resourceVersion, ownerReferences = [] } = metadata;
  if (ownerReferences.some(({ uid }) => uid === history.metadata.uid)) return;
  const owners = { resourceVersion, ownerReferences: [...ownerReferences, ownedBy(history)] };
  await client.patchMerge(SECRETS, namespace, name, { metadata: owners }, BRIEFLY);
}

function ownedBy({ metadata: { name, uid } }: ReleaseHistory): OwnerReference {
  return { apiVersion: GROUP_VERSION, kind: 'ReleaseHistory', name, uid };
}
