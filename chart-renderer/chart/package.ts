import { isJsonObject, type JsonObject } from '../../golang/json/index.ts';
import { readYaml, writeYaml } from '../../golang/yaml/index.ts';
import { LoadBudget } from '../archive/budget.ts';
import { readDirectory } from '../archive/directory.ts';
import type { ChartFile } from '../archive/file.ts';
import { LOAD_LIMITS } from '../archive/limits.ts';
import type { LoadLimits } from '../archive/limits.ts';
import { writeArchive } from '../archive/write-archive.ts';
import { ChartError } from '../errors.ts';
import { DEFAULT_HELM_VERSION, type HelmVersion } from '../helm-version.ts';
import { buildChart } from './build.ts';
import type { Chart } from './chart.ts';
import { packedFiles } from './packed-files.ts';

/** What a packaged chart is to say of itself instead of what its Chart.yaml says. */
export interface PackageOptions {
  readonly version?: string | undefined;
  readonly appVersion?: string | undefined;
  /** The time of all files in the archive, and of its lock files; whole seconds. By default 1980, and what the lock files say. */
  readonly modified?: Date | undefined;
  readonly limits?: Partial<LoadLimits> | undefined;
  /** The version of Helm to follow in loading the chart; `v4` by default. */
  readonly helmVersion?: HelmVersion | undefined;
}

/** A chart and the bytes of its archive. */
export interface PackedChart {
  readonly chart: Chart;
  readonly bytes: Uint8Array;
}

/** The earliest time that every archive format can hold: an archive does not say when it was made unless that is asked for. */
const EPOCH = new Date('1980-01-01T00:00:00Z');

/**
 * Packs the chart in a directory as `helm package` of Helm 4 does, checks included, to the same tar archive; the same files give the
 * same bytes on any machine. Unlike Helm it keeps `engine` in Chart.yaml, and refuses links (`unsafe-path`). Throws `ChartError`,
 * `invalid-chart` where a dependency is not in `charts/`.
 */
export async function packageChart(directory: string, options: PackageOptions = {}): Promise<PackedChart> {
  const limits = { ...LOAD_LIMITS, ...options.limits };
  const budget = new LoadBudget(limits);
  const read = readDirectory(directory, budget, 'refuse-links');
  const files = read.map((file) => (file.name === 'Chart.yaml' ? withVersions(file, options) : file));
  const chart = await checkedChart(files, budget, options.helmVersion);
  const { modified } = options;
  const packed = await packedFiles(chart, files, { budget: new LoadBudget(limits), modified });
  return { chart, bytes: writeArchive(chart.metadata.name, packed, modified ?? EPOCH) };
}

/** Packs the files that make up a chart as they are and in that order; checks and throws as `packageChart` does. */
export async function packFiles(files: readonly ChartFile[]): Promise<PackedChart> {
  const chart = await checkedChart(files, new LoadBudget(LOAD_LIMITS));
  return { chart, bytes: writeArchive(chart.metadata.name, files, EPOCH) };
}

async function checkedChart(
  files: readonly ChartFile[],
  budget: LoadBudget,
  helmVersion = DEFAULT_HELM_VERSION,
): Promise<Chart> {
  const chart = await buildChart(files, budget, helmVersion);
  checkDependencies(chart);
  checkSchema(chart);
  return chart;
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
