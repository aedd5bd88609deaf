import { gzipSync } from 'fflate';
import { writeTar } from '../../golang/tar/index.ts';
import type { ChartFile } from './file.ts';

/**
 * A gzipped tar archive of the files, in that order, below the folder `base`: the same bytes on any machine and version of Node,
 * whose own compressor gives other bytes on another processor. Throws RangeError for a time that a tar archive cannot hold.
 */
export function writeArchive(base: string, files: readonly ChartFile[], modified: Date): Uint8Array {
  const entries = files.map(({ name, data }) => ({ name: `${base}/${name}`, data }));
  // `mem` is the size of the compressor's tables, which it would guess from the size of its input.
  return gzipSync(writeTar(entries, modified), { level: 9, mem: 12, mtime: 0 });
}
