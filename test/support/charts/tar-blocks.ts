import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

const BLOCK_BYTES = 512;
const SIZE_FIELD = { start: 124, end: 136 };
const CHECKSUM_FIELD = { start: 148, end: 156 };

type Fields = Partial<Pick<Header, 'path' | 'type' | 'size' | 'mode' | 'linkpath'>>;

/** One tar entry whose header is written as asked, plausible or not. */
export function rawEntry(fields: Fields, content: Uint8Array = new Uint8Array()): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  new Header({ mode: 0o644, size: content.length, ...fields }).encode(block);
  return Buffer.concat([block, content, Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES)]);
}

/** An extended header with one record, for the entry after it. */
export function paxEntry(record: string): Buffer {
  // The length counts itself, a space and the line end; it has two digits here.
  return rawEntry({ path: 'pax', type: 'ExtendedHeader' }, Buffer.from(`${record.length + 4} ${record}\n`));
}

/** An entry without content whose size field has these bytes. */
export function entryOfSize(size: Uint8Array): Buffer {
  const block = rawEntry({ path: 'c/x', type: 'File' });
  block.fill(0, SIZE_FIELD.start, SIZE_FIELD.end).set(size, SIZE_FIELD.start);
  block.fill(' ', CHECKSUM_FIELD.start, CHECKSUM_FIELD.end);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_FIELD.start, 'latin1');
  return block;
}

/** A gzipped archive of the blocks. */
export function gzipped(...blocks: Buffer[]): Uint8Array {
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]));
}

/** The blocks and then so many MiB of zeros, compressed in members that are all the same. */
export function bombOf(mebibytes: number, ...blocks: Buffer[]): Uint8Array {
  const zeros = gzipSync(Buffer.alloc(16 * 1024 * 1024));
  return Buffer.concat([gzipSync(Buffer.concat(blocks)), ...Array<Buffer>(mebibytes / 16).fill(zeros)]);
}
