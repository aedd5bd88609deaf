import { packageChart } from '../../chart-renderer/index.ts';
import type { PackageOptions, PackedChart } from '../../chart-renderer/index.ts';
import { CliError } from '../errors.ts';

/** The last second that the header of a tar archive can hold, in the year 2242. */
const MAX_SECONDS = 8 ** 11 - 1;

/** The time that https://reproducible-builds.org/specs/source-date-epoch/ asks for, if it is set. Throws CliError. */
export function sourceDate(seconds = process.env['SOURCE_DATE_EPOCH']): Date | undefined {
  if (seconds === undefined || seconds === '') return undefined;
  if (/^\d{1,11}$/.test(seconds) && Number(seconds) <= MAX_SECONDS) return new Date(Number(seconds) * 1000);
  throw new CliError('Usage', `SOURCE_DATE_EPOCH=${seconds} is not a number of seconds from 0 to ${MAX_SECONDS}`);
}

/** Packs a directory, with the time of `SOURCE_DATE_EPOCH` if that is set. Throws CliError, and what packing throws. */
export async function packDirectory(directory: string, options: PackageOptions = {}): Promise<PackedChart> {
  return packageChart(directory, { ...options, modified: sourceDate() });
}
