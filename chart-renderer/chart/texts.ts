import { ChartError } from '../errors.ts';
import type { Chart } from './chart.ts';

/** The bytes that the texts asked for at a time may have together. */
const MAX_MIB = 4;
const MIB = 1024 * 1024;

/**
 * The texts of a chart's own files, by their paths in it: values.yaml, and what `.Files` shows. Undefined for a file that is not there.
 * Throws `limit` if they have more than 4 MiB together.
 */
export function textsIn({ valuesFile, files }: Chart, paths: readonly string[]): (string | undefined)[] {
  const known = new Map(files.map(({ name, data }) => [name, data]));
  if (valuesFile) known.set('values.yaml', valuesFile);
  const found = paths.map((path) => known.get(path));
  const bytes = found.reduce((sum, data) => sum + (data?.length ?? 0), 0);
  if (bytes > MAX_MIB * MIB) throw new ChartError('Limit', `${paths.join(', ')}: more than ${MAX_MIB} MiB together`);
  return found.map((data) => data && Buffer.from(data).toString('utf8'));
}
