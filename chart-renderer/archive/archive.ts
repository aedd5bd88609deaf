import { ChartError } from '../errors.ts';
import type { LoadBudget } from './budget.ts';
import type { ChartFile } from './file.ts';
import { gunzip, looksGzipped } from './gunzip.ts';
import { TarReader } from './tar-reader.ts';

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
