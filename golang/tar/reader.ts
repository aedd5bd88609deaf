import { BLOCK_BYTES, type EntryKind, isPossibleSize, readHeader, type TarHeader } from './header.ts';
import { NO_RECORDS, readRecords } from './records.ts';
import { damaged, TarError } from './tar-error.ts';

/** The checks of whoever reads an archive; each throws where an entry is not allowed. */
export interface EntryChecks {
  /** Called for each header, those of directories and extensions too. */
  takeEntry(): void;
  /** Called with the name and the announced size of a file, before its content is kept; returns the path to keep it under. */
  takeFile(name: string, bytes: number): string;
}

/** A file of an archive; links and devices are empty ones. */
export interface TarFile {
  readonly name: string;
  readonly data: Buffer;
}

const HEADER_LIMIT = { name: 'extendedHeaderBytes', value: 1024 * 1024 };
const TOO_LONG_HEADER = `an extended header is larger than ${HEADER_LIMIT.value} bytes`;

const FILES: ReadonlySet<EntryKind> = new Set(['file', 'old-file', 'empty']);

/**
 * Collects the files of a tar stream by the rules of Go's archive/tar. Throws at the first entry that is refused, before its content
 * is kept: `TarError`, or what the checks throw.
 */
export class TarReader {
  /** Whether the end of the archive was there: what follows does not count. */
  ended = false;
  readonly #checks: EntryChecks;
  readonly #files: TarFile[] = [];
  /** What came of the next part, which is a header, or the content of `#entry` with its padding. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #partBytes = BLOCK_BYTES;
  #entry: TarHeader | undefined;
  /** What was said of the next entry. */
  #records = NO_RECORDS;
  #longName = '';
  #hasEmptyBlock = false;

  constructor(checks: EntryChecks) {
    this.#checks = checks;
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

  /** The files in the archive's order, each with a copy of its content. */
  finish(): TarFile[] {
    if (!this.ended) this.#takeRest(Buffer.concat(this.#held));
    return this.#files;
  }

  /** Takes what is left where an archive has no end; Go misses no padding there either. */
  #takeRest(bytes: Buffer): void {
    if (this.#entry !== undefined && bytes.length >= this.#entry.size) {
      this.#takeContent(this.#entry, bytes.subarray(0, this.#entry.size));
    } else if (this.#entry !== undefined || bytes.length > 0) throw damaged('unexpected end of file');
  }

  #takeHeader(bytes: Buffer, start: number): void {
    const header = readHeader(bytes, start);
    if (header === undefined) {
      this.ended = this.#hasEmptyBlock;
      this.#hasEmptyBlock = true;
      return;
    }
    if (this.#hasEmptyBlock) throw damaged('an empty block is followed by more');
    this.#checks.takeEntry();
    const entry = this.#allowed(header);
    if (entry.size === 0) return this.#takeContent(entry, Buffer.alloc(0));
    this.#entry = entry;
    this.#partBytes = Math.ceil(entry.size / BLOCK_BYTES) * BLOCK_BYTES;
  }

  /** The entry as it is to be taken, with the path that it is kept under; throws where it may not be. */
  #allowed(header: TarHeader): TarHeader {
    if (FILES.has(header.kind)) return this.#allowedFile(header);
    if (header.kind === 'directory') this.#forget();
    else if (header.kind === 'sparse') throw damaged('sparse files are not supported');
    else if (header.size > HEADER_LIMIT.value) throw new TarError('Limit', TOO_LONG_HEADER, HEADER_LIMIT);
    return header;
  }

  #allowedFile(header: TarHeader): TarHeader {
    const { path: statedPath, size: statedSize, isSparse } = this.#records;
    if (isSparse) throw damaged('sparse files are not supported');
    const name = this.#longName || statedPath || header.path;
    this.#forget();
    if (header.kind === 'old-file' && name.endsWith('/')) return { kind: 'directory', path: name, size: 0 };
    const statedBytes = statedSize === '' ? header.size : sizeOf(statedSize);
    const size = header.kind === 'empty' ? 0 : statedBytes;
    const path = this.#checks.takeFile(name, size);
    return { kind: 'file', path, size };
  }

  #forget(): void {
    this.#records = NO_RECORDS;
    this.#longName = '';
  }

  #takeContent({ kind, path }: TarHeader, content: Buffer): void {
    this.#entry = undefined;
    this.#partBytes = BLOCK_BYTES;
    // A copy, like what is held.
    if (kind === 'file') this.#files.push({ name: path, data: Buffer.from(content) });
    else if (kind === 'long-name') this.#longName = longNameIn(content);
    else if (kind === 'records') this.#records = readRecords(content);
    else if (kind === 'global-records') {
      // Nothing of it matters here; to Go it is an entry, which what was said before is said of.
      readRecords(content);
      this.#forget();
    }
  }
}

function sizeOf(digits: string): number {
  const size = /^\+?\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!isPossibleSize(size)) throw damaged(`an extended header has the impossible size ${digits}`);
  return size;
}

/** The name up to the NULs that end it; throws `TarError` where there are others. */
function longNameIn(content: Buffer): string {
  const start = content.indexOf(0);
  const end = start < 0 ? content.length : start;
  if (content.subarray(end).some((byte) => byte !== 0)) {
    throw new TarError('Name', 'a long name with a NUL byte');
  }
  return content.toString('utf8', 0, end);
}
