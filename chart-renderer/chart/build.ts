import { YamlError } from '../../golang/yaml/index.ts';
import { readArchive } from '../archive/archive.ts';
import type { LoadBudget } from '../archive/budget.ts';
import type { ChartFile } from '../archive/file.ts';
import { ChartError, messageOf } from '../errors.ts';
import type { HelmVersion } from '../helm-version.ts';
import type { Chart, ChartMetadata } from './chart.ts';
import { declaredOrder } from './declared-order.ts';
import { checkLock } from './lock.ts';
import { decodeMetadata, validMetadata, withRequirements } from './metadata.ts';
import { readValuesFile } from './values-file.ts';

/**
 * The chart that the files make up, with the charts in its `charts/` (directories and archives), sorted by their names there.
 * A later file wins over an earlier one of the same name. Throws `invalid-chart`, and what reading a nested archive throws.
 */
export async function buildChart(
  files: readonly ChartFile[],
  budget: LoadBudget,
  helmVersion: HelmVersion,
  depth = 0,
): Promise<Chart> {
  budget.checkDepth(depth);
  const byName = new Map(files.map((file) => [file.name, file]));
  const chartYaml = byName.get('Chart.yaml');
  if (chartYaml === undefined) throw new ChartError('InvalidChart', 'Chart.yaml file is missing');
  const { metadata, values, warnings } = decodeFiles(chartYaml, byName.values(), helmVersion);
  const sorted = sortFiles(byName.values(), metadata.apiVersion);
  const nested = { parent: metadata.name, budget, helmVersion, depth: depth + 1 };
  return {
    helmVersion,
    metadata,
    values,
    valuesFile: byName.get('values.yaml')?.data,
    schema: byName.get('values.schema.json')?.data,
    templates: sorted.templates,
    files: sorted.others,
    dependencies: await buildNested(sorted.nested, nested),
    declaredOrder: declaredOrder(chartYaml.data),
    warnings,
  };
}

interface Decoded {
  readonly metadata: ChartMetadata;
  readonly values: Chart['values'];
  readonly warnings: readonly string[];
}

/** Of files that Helm reads in any chart, but that are for those of its first API version. */
const OUTDATED: Readonly<Record<string, string>> = {
  'requirements.yaml':
    'Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.',
  'requirements.lock':
    'Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to Chart.lock.',
};

/** What the files that Helm decodes say, in their order: of several broken ones the first is reported. */
function decodeFiles(chartYaml: ChartFile, files: Iterable<ChartFile>, helmVersion: HelmVersion): Decoded {
  let metadata = decodeFile(chartYaml, (data) => decodeMetadata(data, helmVersion));
  let values: Chart['values'] = new Map();
  const warnings: string[] = [];
  for (const file of files) {
    const outdated = OUTDATED[file.name];
    if (outdated !== undefined && metadata.apiVersion !== 'v1') warnings.push(outdated);
    switch (file.name) {
      case 'values.yaml':
        values = decodeFile(file, (data) => readValuesFile(data, helmVersion));
        break;
      case 'requirements.yaml': {
        const given = metadata;
        metadata = decodeFile(file, (data) => withRequirements(given, data, helmVersion));
        break;
      }
      case 'Chart.lock':
      case 'requirements.lock':
        decodeFile(file, (data) => checkLock(data, helmVersion));
    }
  }
  return { metadata: validMetadata(metadata), values, warnings };
}

function decodeFile<T>({ name, data }: ChartFile, decode: (data: Uint8Array) => T): T {
  try {
    return decode(data);
  } catch (error) {
    const line = error instanceof YamlError ? error.line : undefined;
    throw new ChartError('InvalidChart', `cannot load ${name}: ${messageOf(error)}`, {
      file: name,
      line,
      cause: error,
    });
  }
}

interface SortedFiles {
  readonly templates: ChartFile[];
  readonly others: ChartFile[];
  /** The files of each chart in `charts/`, by the name that they have there. */
  readonly nested: Map<string, ChartFile[]>;
}

const CHART_FILES = new Set(['Chart.yaml', 'Chart.lock', 'values.yaml', 'values.schema.json']);
const VERSION_1_FILES = new Set(['requirements.yaml', 'requirements.lock']);

function sortFiles(files: Iterable<ChartFile>, apiVersion: string): SortedFiles {
  const sorted: SortedFiles = { templates: [], others: [], nested: new Map() };
  for (const file of files) {
    const { name } = file;
    if (CHART_FILES.has(name) || (VERSION_1_FILES.has(name) && apiVersion !== 'v1')) continue;
    if (name.startsWith('templates/')) sorted.templates.push(file);
    else if (!name.startsWith('charts/') || name.endsWith('.prov')) sorted.others.push(file);
    else addNested(sorted.nested, { name: name.slice('charts/'.length), data: file.data });
  }
  return sorted;
}

function addNested(nested: Map<string, ChartFile[]>, file: ChartFile): void {
  const folder = file.name.split('/', 1)[0] ?? '';
  const files = nested.get(folder);
  if (files === undefined) nested.set(folder, [file]);
  else files.push(file);
}

interface Nesting {
  readonly parent: string;
  readonly budget: LoadBudget;
  readonly helmVersion: HelmVersion;
  readonly depth: number;
}

async function buildNested(
  nested: ReadonlyMap<string, readonly ChartFile[]>,
  { parent, budget, helmVersion, depth }: Nesting,
): Promise<Chart[]> {
  const charts: Chart[] = [];
  for (const name of namesOfNested(nested)) {
    try {
      const files = await filesOfNested(name, nested.get(name) ?? [], budget);
      charts.push(await buildChart(files, budget, helmVersion, depth));
    } catch (error) {
      throw wrapped(error, `error unpacking subchart ${name} in ${parent}`);
    }
  }
  return charts;
}

/** Helm leaves out names that begin like those of hidden files. */
function namesOfNested(nested: ReadonlyMap<string, unknown>): string[] {
  return [...nested.keys()].filter((name) => !/^[_.]/.test(name)).sort();
}

/** The files of each chart in `charts/`, in the order of `Chart.dependencies`; archives are unpacked. Throws what unpacking throws. */
export async function* nestedCharts(
  files: readonly ChartFile[],
  budget: LoadBudget,
): AsyncGenerator<readonly ChartFile[]> {
  const { nested } = sortFiles(files, '');
  for (const name of namesOfNested(nested)) yield filesOfNested(name, nested.get(name) ?? [], budget);
}

async function filesOfNested(
  name: string,
  files: readonly ChartFile[],
  budget: LoadBudget,
): Promise<readonly ChartFile[]> {
  const first = files[0];
  if (name.endsWith('.tgz') && first !== undefined) {
    if (first.name !== name) throw new ChartError('InvalidChart', `expected ${name}, got ${first.name}`);
    return readArchive(first.data, budget);
  }
  return files
    .filter((file) => file.name.includes('/'))
    .map(({ name: path, data }) => ({ name: path.slice(name.length + 1), data }));
}

function wrapped(error: unknown, context: string): unknown {
  if (!(error instanceof ChartError)) return error;
  const { code, limit, file, line } = error;
  const facts = { cause: error, ...(limit && { limit }), ...(file !== undefined && { file }), line };
  return new ChartError(code, `${context}: ${error.message}`, facts);
}
