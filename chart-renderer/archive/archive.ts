import { gunzip, GzipError, looksGzipped } from '../../golang/gzip/index.ts';
import { type EntryChecks, TarError, type TarFile, TarReader } from '../../golang/tar/index.ts';
import { ChartError, type ChartErrorCode } from '../errors.ts';
import type { LoadBudget } from './budget.ts';
import { chartPathOf } from './entry-path.ts';
import type { ChartFile } from './file.ts';
import { fileOf } from './file.ts';

/**
 * The files of a gzipped tar archive in memory, in the archive's order; links and devices are empty files, as in Helm. Throws
 * `archive`, `unsafe-path` or `limit` as soon as the bytes unpacked so far show it, so memory is bounded by the budget.
 */
export async function readArchive(bytes: Uint8Array, budget: LoadBudget): Promise<ChartFile[]> {
  if (!looksGzipped(bytes)) {
    throw new ChartError('Archive', `the chart does not appear to be a gzipped archive: it ${describeStart(bytes)}`);
  }
  const files = await unpack(bytes, budget).catch((error: unknown) => {
    throw chartErrorOf(error);
  });
  if (files.length === 0) throw new ChartError('Archive', 'no files in chart archive');
  return files.map(({ name, data }) => fileOf(name, data));
}

async function unpack(bytes: Uint8Array, budget: LoadBudget): Promise<TarFile[]> {
  const reader = new TarReader(checksOf(budget));
  for await (const chunk of gunzip(bytes)) {
    budget.takeStream(chunk.length);
    reader.write(chunk);
    // Like Helm, never looks at what follows the end of the tar archive.
    if (reader.ended) break;
  }
  return reader.finish();
}

function checksOf(budget: LoadBudget): EntryChecks {
  return {
    takeEntry: () => budget.takeEntry(),
    takeFile: (name, bytes) => {
      const path = chartPathOf(name);
      budget.takeFile(bytes);
      return path;
    },
  };
}

const TAR_CODES: Readonly<Record<TarError['code'], ChartErrorCode>> = {
  Damaged: 'Archive',
  Name: 'UnsafePath',
  Limit: 'Limit',
};

function chartErrorOf(error: unknown): unknown {
  if (!(error instanceof TarError || error instanceof GzipError)) return error;
  const { limit, message } = error;
  const code = error instanceof TarError ? TAR_CODES[error.code] : limit === undefined ? 'Archive' : 'Limit';
  const verdict = code === 'Archive' ? 'damaged' : 'refused';
  return new ChartError(code, `the chart's archive is ${verdict}: ${message}`, {
    cause: error,
    ...(limit && { limit }),
  });
}

function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (/^\s*<(!doctype|html)/i.test(start)) return 'is an HTML page';
  if (start.startsWith('\x28\xb5\x2f\xfd')) return 'is compressed with zstd';
  if (start.slice(257, 262) === 'ustar') return 'is a tar archive without compression';
  return 'is something else';
}
