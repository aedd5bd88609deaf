import { readFileSync, statSync } from 'node:fs';
import { readArchive } from '../archive/archive.ts';
import { LoadBudget } from '../archive/budget.ts';
import { type LinkPolicy, readDirectory } from '../archive/directory.ts';
import { LOAD_LIMITS } from '../archive/limits.ts';
import type { LoadLimits } from '../archive/limits.ts';
import { ChartError, messageOf } from '../errors.ts';
import { DEFAULT_HELM_VERSION, type HelmVersion } from '../helm-version.ts';
import { buildChart } from './build.ts';
import type { Chart } from './chart.ts';
import { checkApiVersion } from './metadata.ts';

/** How a chart is loaded. */
export interface LoadOptions extends Partial<LoadLimits> {
  /** Which links of a directory are followed; those that stay inside the chart by default. */
  readonly links?: LinkPolicy | undefined;
  /** The version of Helm to follow; `v4` by default. */
  readonly helmVersion?: HelmVersion | undefined;
}

/**
 * Loads a chart from a directory, a `.tgz` file or the bytes of one, as Helm does; nothing is written to disk. Throws `ChartError`:
 * see its codes.
 */
export async function loadChart(
  source: string | Uint8Array,
  { links, helmVersion = DEFAULT_HELM_VERSION, ...limits }: LoadOptions = {},
): Promise<Chart> {
  const budget = new LoadBudget({ ...LOAD_LIMITS, ...limits });
  const chart = await buildChart(await readSource(source, budget, links), budget, helmVersion);
  checkApiVersion(chart);
  return chart;
}

async function readSource(
  source: string | Uint8Array,
  budget: LoadBudget,
  links: LinkPolicy | undefined,
): ReturnType<typeof readArchive> {
  if (typeof source !== 'string') return readArchive(source, budget);
  if (isDirectory(source)) return readDirectory(source, budget, links);
  return readArchive(readFileSync(source), budget);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new ChartError('Unreadable', `the chart at ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
