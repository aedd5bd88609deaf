import { isJsonObject, type JsonObject } from '../../golang/json/index.ts';
import { readYaml, writeYaml } from '../../golang/yaml/index.ts';
import { LoadBudget } from '../archive/budget.ts';
import { readDirectory } from '../archive/directory.ts';
import type { ChartFile } from '../archive/file.ts';
import { LOAD_LIMITS } from '../archive/limits.ts';
import type { LoadLimits } from '../archive/limits.ts';
import { writeArchive } from '../archive/write-archive.ts';
import { ChartError } from '../errors.ts';
import { DEFAULT_HELM_VERSION } from '../helm-version.ts';
import { buildChart } from './build.ts';
import type { Chart } from './chart.ts';

/** What a packaged chart shall say of itself instead of what its Chart.yaml says. */
export interface PackageOptions {
  readonly version?: string | undefined;
  readonly appVersion?: string | undefined;
  readonly limits?: Partial<LoadLimits> | undefined;
}

/** A chart and the bytes of its archive. */
export interface PackedChart {
  readonly chart: Chart;
  readonly bytes: Uint8Array;
}

/**
 * Packs the chart in a directory as `helm package` does, checks included; the same files give the same bytes on any machine. Unlike
 * Helm it refuses links (`unsafe-path`), and leaves Chart.yaml and the archives in `charts/` as they were written. Throws
 * `ChartError`, `invalid-chart` where a dependency is not in `charts/`.
 */
export async function packageChart(directory: string, options: PackageOptions = {}): Promise<PackedChart> {
  const budget = new LoadBudget({ ...LOAD_LIMITS, ...options.limits });
  const files = readDirectory(directory, budget, 'refuse-links');
  return packFiles(
    files.map((file) => (file.name === 'Chart.yaml' ? withVersions(file, options) : file)),
    budget,
  );
}

/** Packs the files that make up a chart, by their paths in it; checks and throws as `packageChart` does. */
export async function packFiles(
  files: readonly ChartFile[],
  budget = new LoadBudget(LOAD_LIMITS),
): Promise<PackedChart> {
  const chart = await buildChart(files, budget, DEFAULT_HELM_VERSION);
  checkDependencies(chart);
  checkSchema(chart);
  return { chart, bytes: writeArchive(chart.metadata.name, files) };
}

function withVersions(chartYaml: ChartFile, { version, appVersion }: PackageOptions): ChartFile {
  const wanted: JsonObject = { ...(version && { version }), ...(appVersion && { appVersion }) };
  const fields = readYaml(Buffer.from(chartYaml.data).toString('utf8'));
  const isSaid = isJsonObject(fields) && Object.entries(wanted).every(([name, value]) => fields[name] === value);
  if (isSaid || !isJsonObject(fields)) return chartYaml;
  return { name: chartYaml.name, data: Buffer.from(writeYaml({ ...fields, ...wanted })) };
}

function checkDependencies({ metadata, dependencies }: Chart): void {
  const present = new Set(dependencies.map((dependency) => dependency.metadata.name));
  const missing = metadata.dependencies.map(({ name }) => name).filter((name) => !present.has(name));
  if (missing.length === 0) return;
  const names = missing.join(', ');
  const message = `found in Chart.yaml, but missing in charts/ directory: ${names}; helm dependency build fetches them`;
  throw new ChartError('InvalidChart', message, { file: 'Chart.yaml' });
}

function checkSchema({ schema }: Chart): void {
  if (schema === undefined) return;
  try {
    JSON.parse(Buffer.from(schema).toString('utf8'));
  } catch (cause) {
    throw new ChartError('InvalidChart', 'Invalid JSON in values.schema.json', { file: 'values.schema.json', cause });
  }
}
