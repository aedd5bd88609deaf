import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { setImmediate as othersHaveRun } from 'node:timers/promises';
import { createGzip, gunzip } from 'node:zlib';
import type { ChartOrder, HookObject, JsonObject, Remembered, SourcedObject } from '../chart-renderer/index.ts';
import type { ReleaseContent } from '../crds/index.ts';
import {
  atOnce,
  holdsMoreThan,
  pack,
  packedBytes,
  packedJson,
  parseJson,
  withoutNulls,
  type JsonMap,
  type KubeObject,
} from '../resources/index.ts';
import { differenceFrom, MAX_TEXT_BYTES, textFrom } from './difference.ts';
import { RecordError } from './record-error.ts';
import { checkPart, linesIn, foreignRecordError } from './stored-json.ts';

/** Everything of a version that is bulky or may be secret; a rollback needs nothing else: no registry, no rendering. */
export interface VersionRecord {
  content: ReleaseContent;
  /** The colour that its objects get, where they come up beside those of another version. */
  colour?: string;
  /** The values that it was rendered with: valuesFrom and spec.values merged. */
  values: JsonObject;
  /** Those texts and numbers among the values that came from Secrets. */
  secretValues?: readonly string[];
  objects: readonly SourcedObject[];
  hooks: readonly HookObject[];
  crds: readonly SourcedObject[];
  notes?: string;
  /** Which of the chart's templates come after which others; absent if the chart declares no order. */
  order?: ChartOrder;
  /** What the chart's random functions gave, for the version that follows this one. */
  remembered?: Remembered;
}

/** One piece of an encoded record; `digest` is `sha256:…` of its bytes. */
export interface Chunk {
  digest: string;
  bytes: Buffer;
}

/** The most bytes in a chunk: a Secret holds 1 MiB, and base64 in etcd takes a third more. */
export const CHUNK_BYTES = 700 * 1024;
/** What is compressed at a time, unless a line is longer. */
const PIECE_CHARS = 64 * 1024;
const MAX_RECORD_BYTES = 256 * 1024 * 1024;
/** What saves less than three quarters is not worth a second thing to read. */
const MAX_DIFFERENCE = 1 / 4;
/** JSON values that an item has beside its object, at most. */
const MAX_NODES_BESIDE = 1_000;

/** A record as it is stored: `digest` is `sha256:…` of all chunks together. */
export interface EncodedRecord {
  digest: string;
  chunks: Chunk[];
}

/** Compresses a record into chunks of at most 700 KiB; equal records give equal chunks. */
export async function encodeRecord(record: VersionRecord): Promise<EncodedRecord> {
  const compressed = Readable.from(textOf(record)).pipe(createGzip({ level: 6 }));
  return chunked(Buffer.concat(await compressed.toArray()));
}

/** The same, as the difference from the text of another record; undefined where that is hardly smaller than `full`. */
export async function encodeDifference(
  record: VersionRecord,
  base: Buffer,
  full: EncodedRecord,
): Promise<EncodedRecord | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (const piece of textOf(record)) {
    pieces.push(Buffer.from(piece));
    length += piece.length;
    if (length > MAX_TEXT_BYTES) return undefined;
    await othersHaveRun();
  }
  const text = Buffer.concat(pieces);
  const difference = await differenceFrom(base, text);
  freeBuffer(text);
  return difference && difference.length <= bytesOf(full) * MAX_DIFFERENCE ? chunked(difference) : undefined;
}

/** How many bytes are stored. */
export function bytesOf({ chunks }: EncodedRecord): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function textOf(record: VersionRecord): Generator<string> {
  return piecesOf(linesOf({ ...record, nulls: 'sent' }));
}

function chunked(bytes: Buffer): EncodedRecord {
  const chunks: Chunk[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const piece = bytes.subarray(start, start + CHUNK_BYTES);
    chunks.push({ digest: sha256(piece), bytes: piece });
  }
  return { digest: sha256(bytes), chunks };
}

/** The same record, its large parts packed, since it is kept for as long as its version is in force. */
export function packedRecord({ objects, hooks, crds, ...rest }: VersionRecord): VersionRecord {
  return {
    ...pack(rest).value,
    objects: objects.map(packedItem),
    hooks: hooks.map(packedItem),
    crds: crds.map(packedItem),
  };
}

/** About how many bytes a packed record takes. */
export function bytesOfRecord({ objects, hooks, crds, ...rest }: VersionRecord): number {
  return bytesOfObjects({ objects, hooks, crds }) + packedBytes(rest);
}

/** About how many bytes the objects of a record, or of a rendering, take packed. */
export function bytesOfObjects({ objects, hooks, crds }: Pick<VersionRecord, 'objects' | 'hooks' | 'crds'>): number {
  return [...objects, ...hooks, ...crds].reduce((sum, { object }) => sum + packedBytes(object), 0);
}

/** How a record is decoded. */
export interface Decoding {
  /** The text of the record that it is the difference from, if it is. */
  readonly base?: Buffer | undefined;
  /** Does the work, which yields now and then so that others can run. */
  readonly run?: <T>(steps: Generator<undefined, T>) => Promise<T>;
}

/** Whether the bytes of a chunk match its digest. */
export function isIntact(chunk: Chunk): boolean {
  return sha256(chunk.bytes) === chunk.digest;
}

/**
 * Joins chunks to the record they came from, its large parts packed. Throws RecordError unless every digest is right, and also where the
 * record was not encoded here: whoever may write a history could otherwise make the controller read any bytes.
 */
export async function decodeRecord(
  encoded: EncodedRecord,
  { base, run = async (steps) => atOnce(steps) }: Decoding = {},
): Promise<VersionRecord> {
  const text = await decodedText(encoded, (bytes) =>
    base ? textFrom(base, bytes) : unzipped(bytes, MAX_RECORD_BYTES),
  );
  const { nulls, ...record } = await run(recordIn(text)).finally(() => freeBuffer(text));
  return nulls === 'sent' ? record : withObjectsAsSent(record);
}

/**
 * The text of a record that is stored whole, to be the base of others, which is at most 16 MiB long. Throws RecordError
 * unless every digest is right.
 */
export async function decodeBase(encoded: EncodedRecord): Promise<Buffer> {
  return decodedText(encoded, (bytes) => unzipped(bytes, MAX_TEXT_BYTES));
}

async function decodedText(
  { digest, chunks }: EncodedRecord,
  decode: (bytes: Buffer) => Promise<Buffer>,
): Promise<Buffer> {
  const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
  if (!chunks.every(isIntact) || sha256(bytes) !== digest) {
    throw new RecordError('the stored record is not the one that was recorded: its digest differs');
  }
  try {
    const text = await decode(bytes);
    freeBuffer(bytes);
    return text;
  } catch (cause) {
    const message = `the stored record cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new RecordError(message, { cause });
  }
}

/**
 * Frees the memory of a buffer that nobody reads any more: until garbage is collected, many megabytes of such buffers would accumulate. If
 * reading it has failed, a thread may still be using it: then it is left to the garbage collector.
 */
export function freeBuffer({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

async function unzipped(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  return promisify(gunzip)(bytes, { maxOutputLength });
}

/** A record as it is stored. Without `nulls`, its objects were sent without the nulls that stand in them. */
interface StoredRecord extends VersionRecord {
  nulls?: 'sent';
}

/** Going back to such a version must bring back what it sent. */
function withObjectsAsSent({ objects, hooks, crds, ...record }: VersionRecord): VersionRecord {
  const asSent = <T extends SourcedObject>(item: T): T => ({ ...item, object: withoutNulls(item.object) });
  return packedRecord({ ...record, objects: objects.map(asSent), hooks: hooks.map(asSent), crds: crds.map(asSent) });
}

/** The lines, joined into pieces: the compressor takes each on a thread of its own, for which most lines are too short. */
function* piecesOf(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** JSON with a line for each item of a list, so that no more than one item has to be both text and value at a time. */
function* linesOf(record: StoredRecord): Generator<string> {
  let separator = '{\n';
  for (const [key, value] of Object.entries(record)) {
    yield `${separator}${JSON.stringify(key)}:`;
    if (Array.isArray(value)) yield* listLines(value);
    else yield packedJson(value);
    separator = ',\n';
  }
  yield '\n}';
}

function* listLines(items: readonly unknown[]): Generator<string> {
  let separator = '[\n';
  for (const item of items) {
    yield `${separator}${packedJson(item)}`;
    separator = ',\n';
  }
  yield items.length === 0 ? '[\n]' : '\n]';
}

const LIST_BEGINS = /^"(\w+)":\[$/;

/** The record in such lines, or in a single one, as older versions of this program wrote it. */
function* recordIn(json: Buffer): Generator<undefined, StoredRecord> {
  if (!json.includes(10)) {
    checkPart(json, 0, json.length);
    const { nulls, ...record } = parseJson(json.toString('utf8')) as StoredRecord;
    return { ...packedRecord(record), ...(nulls && { nulls }) };
  }
  const record: JsonMap = {};
  let list: unknown[] | undefined;
  for (const line of linesIn(json)) {
    const begun = LIST_BEGINS.exec(line)?.[1];
    if (begun !== undefined) record[begun] = list = [];
    else if (line === ']') list = undefined;
    else if (list) {
      const item = parseJson(line);
      yield;
      list.push(packedItem(item));
    } else if (line !== '{' && line !== '}') Object.assign(record, pack(parseJson(`{${line}}`) as JsonMap).value);
    yield;
  }
  return record as unknown as StoredRecord;
}

/** Of the items of a record only objects are large; other lists hold texts. */
function packedItem<T>(item: T): T {
  if (typeof item === 'string') return item;
  const { object, ...rest } = (typeof item === 'object' && item !== null ? item : {}) as { object?: KubeObject };
  if (object === undefined || holdsMoreThan(rest, MAX_NODES_BESIDE)) throw foreignRecordError();
  return { ...item, object: pack(object).value };
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
