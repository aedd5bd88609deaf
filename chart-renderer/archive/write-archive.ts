import { gzipSync } from 'fflate';
import { Header, Pax } from 'tar';
import type { ChartFile } from './file.ts';

const BLOCK_BYTES = 512;
const MODE = 0o644;
/** The earliest time that every archive format can hold; no archive tells when it was made. */
const MODIFIED = new Date('1980-01-01T00:00:00Z');

/**
 * A gzipped tar archive of the files below the folder `base`, the same bytes for the same files in any order: on any day, machine
 * and version of Node, whose own compressor gives other bytes on another processor.
 */
export function writeArchive(base: string, files: readonly ChartFile[]): Uint8Array {
  const sorted = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const entries = sorted.flatMap(({ name, data }) => entryOf(`${base}/${name}`, data));
  const end = Buffer.alloc(2 * BLOCK_BYTES);
  // `mem` is the size of the compressor's tables, which it would guess from the size of its input.
  return gzipSync(Buffer.concat([...entries, end]), { level: 9, mem: 12, mtime: 0 });
}

function entryOf(path: string, data: Uint8Array): Uint8Array[] {
  const fields = { path, size: data.length, mode: MODE, uid: 0, gid: 0, mtime: MODIFIED };
  const header = Buffer.alloc(BLOCK_BYTES);
  const needsExtension = new Header({ ...fields, type: 'File' }).encode(header);
  const extension = needsExtension ? [new Pax({ path, mtime: MODIFIED }).encode()] : [];
  return [...extension, header, data, Buffer.alloc(paddingOf(data.length))];
}

function paddingOf(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}
