import type { ChartReference } from '../registry-client/index.ts';
import { CliError, reasonOf } from './errors.ts';

/** Which version of a chart and, for a name, the classic repository that it is in; for `readArguments`. */
export const CHART_OPTIONS = { repo: { type: 'string' }, version: { type: 'string' } } as const;

/** What the user chose. */
export interface ChartFlags {
  readonly repo?: string | undefined;
  readonly version?: string | undefined;
}

/** The chart that an argument and the options name; throws CliError Usage. */
export async function chartReferenceOf(chart: string, { repo, version }: ChartFlags): Promise<ChartReference> {
  const reference = await parsed(chart, repo, version === undefined ? {} : { version });
  if (version !== undefined && reference.version !== version) {
    throw new CliError('Usage', `--version ${version} and ${chart} name different versions`);
  }
  return reference;
}

async function parsed(chart: string, repo: string | undefined, wanted: { version?: string }): Promise<ChartReference> {
  const { parseChartReference } = await import('../registry-client/index.ts');
  try {
    return repo === undefined
      ? parseChartReference(chart, wanted)
      : parseChartReference(repo, { name: chart, ...wanted });
  } catch (cause) {
    throw new CliError('Usage', reasonOf(cause), { cause });
  }
}
