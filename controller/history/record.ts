import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { HookObject, JsonObject, Remembered, SourcedObject } from '../../chart-renderer/index.ts';
import type { ReleaseContent } from '../../crds/index.ts';
import { jsonOf, parseJson, withoutNulls } from '../../resources/index.ts';
import { ReleaseError } from '../pass/errors.ts';

/** Everything of a version that is bulky or may be secret; a rollback needs nothing else, no registry and no render. */
export interface VersionRecord {
  content: ReleaseContent;
  /** The values that were rendered with: valuesFrom and spec.values merged. */
  values: JsonObject;
  /** Those texts and numbers among the values that came from Secrets. */
  secretValues?: readonly string[];
  objects: readonly SourcedObject[];
  hooks: readonly HookObject[];
  crds: readonly SourcedObject[];
  notes?: string;
  /** What the chart's random functions gave, for the version that follows this one. */
  remembered?: Remembered;
}

/** One piece of an encoded record; `digest` is `sha256:…` of its bytes. */
export interface Chunk {
  digest: string;
  bytes: Buffer;
}

/** A Secret holds 1 MiB at most, and base64 in etcd takes a third more. */
const CHUNK_BYTES = 700 * 1024;
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

/** Compresses a record into chunks of at most 700 KiB; equal records give equal chunks. */
export async function encodeRecord(record: VersionRecord): Promise<{ digest: string; chunks: Chunk[] }> {
  const bytes = await promisify(gzip)(jsonOf({ ...record, nulls: 'sent' } satisfies StoredRecord), { level: 6 });
  const chunks: Chunk[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const piece = bytes.subarray(start, start + CHUNK_BYTES);
    chunks.push({ digest: sha256(piece), bytes: piece });
  }
  return { digest: sha256(bytes), chunks };
}

/** Joins chunks to the record they came from; throws ReleaseError HistoryCorrupted unless every digest is right. */
export async function decodeRecord(digest: string, chunks: Chunk[]): Promise<VersionRecord> {
  const altered = chunks.find((chunk) => sha256(chunk.bytes) !== chunk.digest);
  const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
  if (altered || sha256(bytes) !== digest) {
    throw new ReleaseError(
      'HistoryCorrupted',
      'the stored record is not the one that was recorded: its digest differs',
    );
  }
  const json = await promisify(gunzip)(bytes, { maxOutputLength: MAX_RECORD_BYTES });
  const { nulls, ...record } = parseJson(json.toString('utf8')) as StoredRecord;
  return nulls === 'sent' ? record : withObjectsAsSent(record);
}

/** A record as it is stored. Of one that does not say so the objects were sent without the nulls that stand in it. */
interface StoredRecord extends VersionRecord {
  nulls?: 'sent';
}

/** Going back to such a version is to bring back what it sent. */
function withObjectsAsSent({ objects, hooks, crds, ...record }: VersionRecord): VersionRecord {
  const asSent = <T extends SourcedObject>(item: T): T => ({ ...item, object: withoutNulls(item.object) });
  return { ...record, objects: objects.map(asSent), hooks: hooks.map(asSent), crds: crds.map(asSent) };
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
