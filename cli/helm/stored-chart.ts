import { packFiles, writeYaml, type Json, type PackedChart } from '../../chart-renderer/index.ts';
import { CliError } from '../errors.ts';
import type { StoredChart, StoredFile } from './stored-release.ts';

/** As much as `spec.chart.inline` holds. */
export const MAX_INLINE_CHARS = 1_400_000;

/**
 * The chart of a release, packed from what Helm has stored of it. Throws CliError NotFound if it had dependencies, which Helm does not store;
 * ChartError.
 */
export async function packStoredChart({ metadata, values, schema, ...chart }: StoredChart): Promise<PackedChart> {
  const dependencies = metadata['dependencies'] as readonly Json[] | null | undefined;
  if (dependencies?.length) {
    const { name, version } = metadata;
    const what = `Helm does not store the dependencies of a chart, and ${name} ${version} has some`;
    throw new CliError('NotFound', `${what}: name the chart with --registry or --chart`);
  }
  const text = (name: string, content: string): { name: string; data: Uint8Array } => ({
    name,
    data: Buffer.from(content),
  });
  return packFiles([
    text('Chart.yaml', writeYaml(metadata)),
    text('values.yaml', writeYaml(values ?? {})),
    ...(schema ? [{ name: 'values.schema.json', data: Buffer.from(schema, 'base64') }] : []),
    ...(chart.templates ?? []).map(fileOf),
    ...(chart.files ?? []).map(fileOf),
  ]);
}

function fileOf({ name, data }: StoredFile): { name: string; data: Uint8Array } {
  return { name, data: Buffer.from(data, 'base64') };
}
