import { writeYaml } from '../../golang/yaml/index.ts';
import type { LoadBudget } from '../archive/budget.ts';
import type { ChartFile } from '../archive/file.ts';
import { nestedCharts } from './build.ts';
import type { Chart } from './chart.ts';
import { lockYamlOf } from './lock.ts';
import { publishedMetadata } from './published.ts';

/**
 * The files of a chart in the order and the form in which `helm package` puts them into an archive: Chart.yaml and Chart.lock are
 * written anew, and charts in `charts/` are unpacked. `modified`, if it is given, is when the lock files say that they were made.
 * Helm packs several charts in `charts/` in random order; here they are sorted. Throws what unpacking archives throws.
 */
export async function packedFiles(
  chart: Chart,
  files: readonly ChartFile[],
  { budget, modified }: { readonly budget: LoadBudget; readonly modified: Date | undefined },
): Promise<ChartFile[]> {
  const packed = [...ownFiles(chart, files, modified), ...chart.templates, ...chart.files];
  let index = 0;
  for await (const nested of nestedCharts(files, budget)) {
    const dependency = chart.dependencies[index++];
    if (dependency === undefined) break;
    const inner = await packedFiles(dependency, nested, { budget, modified });
    packed.push(...inner.map(({ name, data }) => ({ name: `charts/${dependency.metadata.name}/${name}`, data })));
  }
  return packed;
}

/** The files that Helm keeps apart from all others. */
function ownFiles({ metadata, schema }: Chart, files: readonly ChartFile[], modified: Date | undefined): ChartFile[] {
  const isOld = metadata.apiVersion === 'v1';
  // Those of an old chart are in its requirements.yaml.
  const fields = publishedMetadata(isOld ? { ...metadata, dependencies: [] } : metadata);
  const lock = metadata.apiVersion === 'v2' ? lockYamlOf(files, modified) : undefined;
  const values = files.findLast(({ name }) => name === 'values.yaml');
  return [
    { name: 'Chart.yaml', data: Buffer.from(writeYaml(fields)) },
    ...(lock === undefined ? [] : [{ name: 'Chart.lock', data: Buffer.from(lock) }]),
    ...(values === undefined ? [] : [values]),
    ...(schema === undefined ? [] : [{ name: 'values.schema.json', data: schema }]),
  ];
}
