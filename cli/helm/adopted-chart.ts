import type { ChartSpec } from '../../crds/index.ts';
import { findChart, pulledChart } from '../charts/chart-source.ts';
import { chartReferenceOf } from '../chart-reference.ts';
import { CliError } from '../errors.ts';
import type { ChartReference } from '../../registry-client/index.ts';
import type { RegistryFlags } from '../registry/connection.ts';
import { MAX_INLINE_CHARS, packStoredChart } from './stored-chart.ts';
import type { StoredRelease } from './stored-release.ts';

/** Where the chart of a release is to come from. */
export interface AdoptedChartFlags extends RegistryFlags {
  /** A registry that has it under its name and version. */
  readonly registry?: string | undefined;
  /** A reference, a directory or an archive. */
  readonly chart?: string | undefined;
  readonly repo?: string | undefined;
  readonly version?: string | undefined;
  readonly secret?: string | undefined;
}

/** A chart as a Release is to name it, and its archive. */
export interface AdoptedChart {
  readonly spec: ChartSpec;
  readonly bytes: Uint8Array;
  /** What a registry has it under; absent for one that is inline. */
  readonly digest?: string | undefined;
  /** In words. */
  readonly source: string;
}

/** Finds the chart of a release where the flags say or, without them, in what Helm has stored. Throws CliError, RegistryError, ChartError. */
export async function adoptedChart({ chart }: StoredRelease, flags: AdoptedChartFlags): Promise<AdoptedChart> {
  const { name, version } = chart.metadata;
  if (flags.registry !== undefined) {
    const named = flags.registry.startsWith('oci://') ? `${flags.registry.replace(/\/$/, '')}/${name}` : name;
    const repo = named === name ? flags.registry : undefined;
    return fromRegistry(await chartReferenceOf(named, { repo, version }), flags);
  }
  if (flags.chart === undefined) return inlined((await packStoredChart(chart)).bytes, 'what Helm has stored');
  const isReference = flags.chart.startsWith('oci://') || flags.repo !== undefined;
  if (!isReference) return inlined((await findChart(flags.chart, flags, '')).bytes, flags.chart);
  return fromRegistry(await chartReferenceOf(flags.chart, { repo: flags.repo, version: flags.version }), flags);
}

async function fromRegistry(reference: ChartReference, flags: AdoptedChartFlags): Promise<AdoptedChart> {
  const { bytes, digest } = await pulledChart(reference, flags);
  const secretRef = flags.secret === undefined ? {} : { secretRef: { name: flags.secret } };
  const source = `${reference.registry}/${reference.name} ${reference.version ?? ''}`.trim();
  return { spec: { ...reference, ...secretRef }, bytes, digest, source };
}

function inlined(bytes: Uint8Array, source: string): AdoptedChart {
  const inline = Buffer.from(bytes).toString('base64');
  if (inline.length > MAX_INLINE_CHARS) {
    throw new CliError(
      'Usage',
      `the chart is too large to be inline: push it to a registry, and name that with --registry`,
    );
  }
  return { spec: { inline }, bytes, source: `inline, from ${source}` };
}
