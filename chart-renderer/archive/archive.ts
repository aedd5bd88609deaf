import { Parser } from 'tar';
import type { ReadEntry } from 'tar';
import { ChartError, messageOf } from '../errors.ts';
import type { LoadBudget } from './budget.ts';
import { chartPathOf } from './entry-path.ts';
import type { ChartFile } from './file.ts';
import { fileOf } from './file.ts';
import { gunzip, looksGzipped } from './gunzip.ts';

/**
 * The files of a gzipped tar archive in memory, in the archive's order; links and devices are empty files, as in Helm. Throws
 * `archive`, `unsafe-path` or `limit` as soon as the bytes unpacked so far tell, so memory is bounded by the budget.
 */
export async function readArchive(bytes: Uint8Array, budget: LoadBudget): Promise<ChartFile[]> {
  if (!looksGzipped(bytes)) {
    throw new ChartError('archive', `the chart does not appear to be a gzipped archive: it ${describeStart(bytes)}`);
  }
  const reader = new TarReader(budget);
  for await (const chunk of gunzip(bytes)) {
    budget.takeStream(chunk.length);
    reader.write(chunk);
    // Like Helm, never looks at what follows the end of the tar archive.
    if (reader.ended) break;
  }
  return reader.finish();
}

function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (/^\s*<(!doctype|html)/i.test(start)) return 'is an HTML page';
  if (start.startsWith('\x28\xb5\x2f\xfd')) return 'is compressed with zstd';
  if (start.slice(257, 262) === 'ustar') return 'is a tar archive without compression';
  return 'is something else';
}

const HEADER_LIMIT = { name: 'extendedHeaderBytes', value: 1024 * 1024 };
const TOO_LONG_HEADER = `an extended header of the chart archive is larger than ${HEADER_LIMIT.value} bytes`;

/** Collects the files of a tar stream; throws out of `write` at the first entry that is refused. */
class TarReader {
  ended = false;
  readonly #budget: LoadBudget;
  readonly #files: ChartFile[] = [];
  readonly #parser: Parser;
  #started = false;
  #fault: unknown;

  constructor(budget: LoadBudget) {
    this.#budget = budget;
    this.#parser = new Parser({
      maxMetaEntrySize: HEADER_LIMIT.value,
      onwarn: (_code, message) => {
        this.#fault ??= new ChartError('archive', `the chart's tar archive is damaged: ${messageOf(message)}`);
      },
      onReadEntry: (entry) => this.#guard(entry, () => this.#take(entry)),
    });
    this.#parser.on('ignoredEntry', (entry: ReadEntry) => this.#guard(entry, () => this.#ignore(entry)));
    this.#parser.on('meta', (text: string) => this.#checkExtendedHeader(text));
    this.#parser.on('eof', () => (this.ended = true));
  }

  write(chunk: Buffer): void {
    if (!this.#started) {
      this.#started = true;
      // The parser would decompress such content once more, past every limit.
      if (looksCompressed(chunk))
        throw new ChartError('archive', 'the chart is compressed twice: expected a tar archive inside');
    }
    this.#parser.write(chunk);
    this.#throwFault();
  }

  finish(): ChartFile[] {
    if (!this.ended) this.#parser.end();
    this.#throwFault();
    if (this.#files.length === 0) throw new ChartError('archive', 'no files in chart archive');
    return this.#files;
  }

  /** Errors thrown inside the parser's events would leave it in the middle of an entry: they are kept until it returns. */
  #guard(entry: ReadEntry, work: () => void): void {
    try {
      if (this.#fault === undefined) work();
    } catch (error) {
      this.#fault = error;
    }
    entry.resume();
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #take(entry: ReadEntry): void {
    this.#budget.takeEntry();
    if (entry.type === 'Directory') return;
    const path = chartPathOf(entry.path);
    // The parser takes a size below zero for none.
    const isPossible = entry.header.size !== undefined && Number.isSafeInteger(entry.size);
    if (!isPossible) throw new ChartError('archive', `entry ${path} has an impossible size`);
    this.#budget.takeFile(path, entry.size);
    const chunks: Buffer[] = [];
    entry.on('data', (chunk: Buffer) => chunks.push(chunk));
    entry.on('end', () => this.#files.push(fileOf(path, joined(chunks))));
  }

  #ignore(entry: ReadEntry): void {
    this.#budget.takeEntry();
    if (entry.meta) throw new ChartError('limit', TOO_LONG_HEADER, { limit: HEADER_LIMIT });
    this.#budget.takeFile(entry.path, entry.size);
  }

  #checkExtendedHeader(text: string): void {
    this.#budget.takeEntry();
    if (text.replace(/\0+$/, '').includes('\0')) {
      this.#fault ??= new ChartError('unsafe-path', 'chart contains an extended header with a NUL byte');
    }
  }
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

function looksCompressed(chunk: Buffer): boolean {
  return (chunk[0] === 0x1f && chunk[1] === 0x8b) || chunk.subarray(0, 4).equals(ZSTD_MAGIC);
}

/** One buffer of a file's own: chunks are views of the decompressor's larger ones, which they would keep alive. */
function joined(chunks: Buffer[]): Uint8Array {
  return Buffer.concat(chunks);
}
