import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

/** Gzipped bytes that cannot be read: damaged, or of more members than the limit allows. */
export class GzipError extends Error {
  readonly limit: { readonly name: string; readonly value: number } | undefined;

  constructor(message: string, facts: { readonly limit?: GzipError['limit']; readonly cause?: unknown } = {}) {
    super(message, { cause: facts.cause });
    this.name = 'GzipError';
    this.limit = facts.limit;
  }
}

const CHUNK_BYTES = 128 * 1024;
const TRAILER_BYTES = 8;
/** What is inflated at once: no more packed bytes than these, and no more bytes of each than charts are known to give. */
const AT_ONCE = { packedBytes: 1024 * 1024, ratio: 16 };
/** Each costs as much as inflating a few thousand bytes, though it may hold none. */
const MEMBER_LIMIT = { name: 'gzipMembers', value: 10_000 };
const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16 };

/** Whether the bytes begin as gzip with its one compression method. */
export function looksGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

/**
 * What gzipped bytes hold, in chunks, member after member. A consumer that stops early never learns what follows: as in Helm, which
 * accepts garbage there, while Node's own gunzip fails on it before the last data is out. Throws
 * `GzipError`, also for more than 10 000 members.
 */
export async function* gunzip(bytes: Uint8Array): AsyncGenerator<Buffer> {
  let members = 0;
  for (let rest = bytes; rest.length > 0;) {
    if (++members > MEMBER_LIMIT.value) {
      throw new GzipError(`more than ${MEMBER_LIMIT.value} gzip members`, { limit: MEMBER_LIMIT });
    }
    if (!looksGzipped(rest)) throw new GzipError('gzip: invalid header');
    const member: Member = { body: rest.subarray(headerLength(rest)), used: 0, checksum: 0, size: 0 };
    yield* inflate(member);
    checkTrailer(member);
    rest = member.body.subarray(member.used + TRAILER_BYTES);
  }
}

/** A member after its header; what is read of it is counted. */
interface Member {
  readonly body: Uint8Array;
  used: number;
  checksum: number;
  size: number;
}

async function* inflate(member: Member): AsyncGenerator<Buffer> {
  const whole = inflateAtOnce(member.body);
  if (whole === undefined) return yield* inflateInChunks(member);
  count(member, whole.buffer);
  yield whole.buffer;
  member.used = whole.engine.bytesWritten;
}

/**
 * What a small member holds and how much of the body that took, without the threads and events of a stream, which cost far more
 * than inflating it; undefined where it is larger, or damaged, which counts only where a consumer reads that far.
 */
function inflateAtOnce(body: Uint8Array): { buffer: Buffer; engine: { bytesWritten: number } } | undefined {
  if (body.length > AT_ONCE.packedBytes) return undefined;
  const maxOutputLength = Math.max(CHUNK_BYTES, body.length * AT_ONCE.ratio);
  try {
    const inflated: unknown = inflateRawSync(body, { info: true, chunkSize: CHUNK_BYTES, maxOutputLength });
    return inflated as ReturnType<typeof inflateAtOnce>;
  } catch {
    return undefined;
  }
}

async function* inflateInChunks(member: Member): AsyncGenerator<Buffer> {
  const stream = createInflateRaw({ chunkSize: CHUNK_BYTES });
  stream.end(member.body);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      count(member, chunk);
      yield chunk;
    }
  } catch (error) {
    throw new GzipError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  member.used = stream.bytesWritten;
}

function count(member: Member, chunk: Buffer): void {
  member.checksum = crc32(chunk, member.checksum);
  member.size += chunk.length;
}

function checkTrailer({ body, used, checksum, size }: Member): void {
  const trailer = Buffer.from(body.subarray(used, used + TRAILER_BYTES));
  if (trailer.length < TRAILER_BYTES) throw new GzipError('unexpected end of file');
  const isIntact = trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === size % 2 ** 32;
  if (!isIntact) throw new GzipError('gzip: invalid checksum');
}

function headerLength(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & FLAG.extra) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  if (flags & FLAG.name) at = afterNul(bytes, at);
  if (flags & FLAG.comment) at = afterNul(bytes, at);
  if (flags & FLAG.headerChecksum) at += 2;
  return at;
}

function afterNul(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(0, from);
  return end < 0 ? bytes.length : end + 1;
}
