import { readFile, stat } from 'node:fs/promises';

import { loadChart } from '../../chart-renderer/index.ts';
import type { Chart, HelmVersion } from '../../chart-renderer/index.ts';
import { pullChart, pullProvenance } from '../../registry-client/index.ts';
import type { ChartReference, VerifiedSignature } from '../../registry-client/index.ts';
import { chartReferenceOf } from '../chart-reference.ts';
import type { ChartFlags } from '../chart-reference.ts';
import { CliError, isNotFound, reasonOf } from '../errors.ts';
import { connectionFor, flagsFor } from '../registry/connection.ts';
import type { RegistryFlags } from '../registry/connection.ts';
import { verificationFor } from '../registry/verification.ts';
import type { VerificationFlags } from '../registry/verification.ts';
import { packDirectory } from './source-date.ts';

/** A chart's archive, what is in it, and where it was found. */
export interface FoundChart {
  readonly bytes: Uint8Array;
  readonly chart: Chart;
  /** The content of the `.prov` file beside an archive. */
  readonly provenance?: Uint8Array | undefined;
  /** Where a chart that was pulled is. */
  readonly reference?: ChartReference;
  /** OCI: of its manifest; a classic repository: of the archive. */
  readonly digest?: string;
  readonly verified?: VerifiedSignature | undefined;
}

/**
 * Reads the chart that an argument names: a directory, which is packed; an archive; or a reference, which is pulled, with the
 * password of the flags only if it comes from the registry `home`. Throws CliError, and what packing, pulling and loading throw.
 */
export async function findChart(named: string, flags: ChartFlags & RegistryFlags, home: string): Promise<FoundChart> {
  if (named.startsWith('oci://') || flags.repo !== undefined) {
    const reference = await chartReferenceOf(named, flags);
    const sourceFlags = flagsFor(flags, home, reference.registry);
    const found = await pulledChart(reference, sourceFlags);
    return { ...found, provenance: await pulledProvenance(found, sourceFlags) };
  }
  if (flags.version !== undefined)
    throw new CliError('Usage', `--version is for charts in a registry, not for ${named}`);
  return localChart(named);
}

/** Pulls a chart, verified as the flags say, and loads it: what is not a chart is refused. */
export async function pulledChart(
  reference: ChartReference,
  flags: RegistryFlags & VerificationFlags,
  helmVersion?: HelmVersion,
): Promise<FoundChart> {
  const verify = await verificationFor(flags);
  const connection = await connectionFor(flags, reference.registry, reference.name);
  const { content, digest, verified } = await pullChart({ ...reference, ...connection, verify });
  const bytes = await content.bytes();
  return { bytes, digest, reference, verified, chart: await loadChart(bytes, { helmVersion }) };
}

/** Reads the chart that an argument names, as that version of Helm does: a directory, an archive, or a reference. Throws as `findChart`. */
export async function namedChart(
  named: string,
  flags: ChartFlags & RegistryFlags & VerificationFlags,
  helmVersion?: HelmVersion,
): Promise<FoundChart> {
  if (named.startsWith('oci://') || flags.repo !== undefined)
    return pulledChart(await chartReferenceOf(named, flags), flags, helmVersion);
  if (flags.version !== undefined)
    throw new CliError('Usage', `--version is for charts in a registry, not for ${named}`);
  return localChart(named, helmVersion);
}

/** Pulls the provenance file that lies with a chart that was pulled; undefined where there is none. */
export async function pulledProvenance(
  { reference, digest, chart }: FoundChart,
  flags: RegistryFlags,
): Promise<Uint8Array | undefined> {
  if (reference === undefined) return undefined;
  const connection = await connectionFor(flags, reference.registry, reference.name);
  return pullProvenance({ ...reference, version: chart.metadata.version, digest, ...connection });
}

/** Packs a directory, or reads an archive with its provenance; the chart is loaded as by that version of Helm. */
export async function localChart(path: string, helmVersion?: HelmVersion): Promise<FoundChart> {
  if (await isDirectory(path)) return packDirectory(path, { helmVersion });
  const bytes = await readFile(path);
  return { bytes, chart: await loadChart(bytes, { helmVersion }), provenance: await provenanceOf(path) };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new CliError('Unreadable', `the chart ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

async function provenanceOf(archive: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(`${archive}.prov`);
  } catch (cause) {
    if (isNotFound(cause)) return undefined;
    throw new CliError('Unreadable', `${archive}.prov cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
