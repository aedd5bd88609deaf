import { ChartError } from '../errors.ts';
import type { LoadBudget } from './budget.ts';
import { chartPathOf } from './entry-path.ts';
import type { ChartFile } from './file.ts';
import { fileOf } from './file.ts';
import { BLOCK_BYTES, damagedTar, readHeader } from './tar-header.ts';
import type { EntryKind, TarHeader } from './tar-header.ts';
import { readRecords } from './tar-records.ts';
import type { TarRecords } from './tar-records.ts';

const HEADER_LIMIT = { name: 'extendedHeaderBytes', value: 1024 * 1024 };
const TOO_LONG_HEADER = `an extended header of the chart archive is larger than ${HEADER_LIMIT.value} bytes`;

/**
 * Collects the files of a tar stream by the rules of Go's archive/tar. Throws at the first entry that is refused, before its content
 * is kept: `archive`, `unsafe-path`, `limit`.
 */
export class TarReader {
  /** Whether the end of the archive was there: what follows does not count. */
  ended = false;
  readonly #budget: LoadBudget;
  readonly #files: ChartFile[] = [];
  /** What came of the next part, which is a header, or the content of `#entry` with its padding. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #partBytes = BLOCK_BYTES;
  #entry: TarHeader | undefined;
  /** What is said of the entry to come. */
  #records: TarRecords = {};
  #hasEmptyBlock = false;

  constructor(budget: LoadBudget) {
    this.#budget = budget;
  }

  write(chunk: Buffer): void {
    if (this.#heldBytes + chunk.length < this.#partBytes) return this.#hold(chunk);
    const bytes = this.#heldBytes === 0 ? chunk : Buffer.concat([...this.#held, chunk]);
    this.#held = [];
    this.#heldBytes = 0;
    let at = 0;
    while (!this.ended && at + this.#partBytes <= bytes.length) {
      const start = at;
      at += this.#partBytes;
      if (this.#entry === undefined) this.#takeHeader(bytes, start);
      else this.#takeContent(this.#entry, bytes.subarray(start, start + this.#entry.size));
    }
    if (at < bytes.length) this.#hold(bytes.subarray(at));
  }

  /** Keeps copies, since what is held may be a small part of a decompressor's buffer, and would keep all of it alive. */
  #hold(bytes: Buffer): void {
    this.#held.push(Buffer.from(bytes));
    this.#heldBytes += bytes.length;
  }

  finish(): ChartFile[] {
    if (!this.ended) this.#takeRest(Buffer.concat(this.#held));
    if (this.#files.length === 0) throw new ChartError('archive', 'no files in chart archive');
    return this.#files;
  }

  /** Takes what is left where an archive has no end; Go misses no padding there either. */
  #takeRest(bytes: Buffer): void {
    if (this.#entry !== undefined && bytes.length >= this.#entry.size) {
      this.#takeContent(this.#entry, bytes.subarray(0, this.#entry.size));
    } else if (this.#entry !== undefined || bytes.length > 0) throw damagedTar('unexpected end of file');
  }

  #takeHeader(bytes: Buffer, start: number): void {
    const header = readHeader(bytes, start);
    if (header === undefined) {
      this.ended = this.#hasEmptyBlock;
      this.#hasEmptyBlock = true;
      return;
    }
    if (this.#hasEmptyBlock) throw damagedTar('an empty block is followed by more');
    this.#budget.takeEntry();
    const entry = this.#allowed(header);
    if (entry.size === 0) return this.#takeContent(entry, Buffer.alloc(0));
    this.#entry = entry;
    this.#partBytes = Math.ceil(entry.size / BLOCK_BYTES) * BLOCK_BYTES;
  }

  /** The entry as it is to be taken, with its path in the chart; throws where it may not be. */
  #allowed(header: TarHeader): TarHeader {
    switch (header.kind) {
      case 'file':
      case 'empty':
        return this.#allowedFile(header);
      case 'directory':
        this.#records = {};
        return header;
      case 'sparse':
        throw damagedTar('sparse files are not supported');
      case 'records':
      case 'global-records':
      case 'long-name':
      case 'long-link':
        if (header.size > HEADER_LIMIT.value) throw new ChartError('limit', TOO_LONG_HEADER, { limit: HEADER_LIMIT });
        return header;
    }
  }

  #allowedFile({ kind, ...header }: TarHeader): TarHeader {
    const path = chartPathOf(this.#records.path ?? header.path);
    const size = kind === 'empty' ? 0 : (this.#records.size ?? header.size);
    this.#records = {};
    this.#budget.takeFile(path, size);
    return { kind, path, size };
  }

  #takeContent({ kind, path }: TarHeader, content: Buffer): void {
    this.#entry = undefined;
    this.#partBytes = BLOCK_BYTES;
    if (kind === 'file' || kind === 'empty') {
      // A copy, like what is held.
      this.#files.push(fileOf(path, Buffer.from(content)));
    } else if (kind !== 'directory') this.#takeNote(kind, withoutNul(content));
  }

  /** Keeps what is said of the entry to come; other notes do not matter to charts. */
  #takeNote(kind: EntryKind, content: Buffer): void {
    if (kind === 'records') this.#records = { ...this.#records, ...readRecords(content) };
    if (kind === 'long-name') this.#records = { ...this.#records, path: content.toString('utf8') };
  }
}

/** The content up to the NULs that end it; throws `unsafe-path` where there are others. */
function withoutNul(content: Buffer): Buffer {
  const end = content.findLastIndex((byte) => byte !== 0) + 1;
  const text = content.subarray(0, end);
  if (text.includes(0)) throw new ChartError('unsafe-path', 'chart contains an extended header with a NUL byte');
  return text;
}
