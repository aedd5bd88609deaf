import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { packageChart } from '../../chart-renderer/index.ts';
import type { ControlPlane } from '../../test/control-plane/index.ts';
import { storeChart } from '../../test/support/charts/registry.ts';
import type { StoredChart } from '../../test/support/charts/registry.ts';

/** Pushes every chart below a directory; `onFailure` is told of each that cannot be, and the others go on. */
export async function storeCharts(
  controlPlane: Pick<ControlPlane, 'registry'>,
  directory: string,
  onFailure: (path: string, error: unknown) => void,
): Promise<StoredChart[]> {
  const stored: StoredChart[] = [];
  for (const path of await chartDirectories(directory)) {
    try {
      const { bytes } = await packageChart(path);
      stored.push(await storeChart(controlPlane, bytes));
    } catch (error) {
      onFailure(path, error);
    }
  }
  return stored;
}

/** The directories with a Chart.yaml, but not the subcharts in one of them. */
async function chartDirectories(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const charts = found
    .filter((entry) => entry.isFile() && entry.name === 'Chart.yaml')
    .map((entry) => entry.parentPath);
  const isInside = (path: string): boolean => {
    const parent = dirname(path);
    return parent !== path && (charts.includes(parent) || isInside(parent));
  };
  return charts
    .filter((path) => !isInside(path))
    .map((path) => join(path))
    .toSorted();
}
