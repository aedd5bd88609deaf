import {
  listClassicCharts,
  listClassicVersions,
  pullClassicChart,
  pullClassicProvenance,
  resolveClassicChart,
} from './classic/charts.ts';
import { isDigest } from './digest.ts';
import { RegistryError, withErrorContext } from './errors.ts';
import { listOciCharts } from './oci/catalog.ts';
import { listOciVersions, pullOciChart, pullOciProvenance, resolveOciChart } from './oci/charts.ts';
import { pushOciChart } from './oci/push.ts';
import type { PushOptions, PushedChart } from './oci/push.ts';
import type { CacheUse, ChartSource, ConnectionOptions, PullOptions } from './options.ts';
import { formatReference, formatRegistry } from './reference.ts';
import type { PulledChart, ResolvedChart } from './results.ts';

/**
 * Returns a chart's tarball, verified against the digests of what its version resolved to, or against `digest` where one is
 * given: then that content is returned whatever the tag stands for now, without a connection if it is cached. Throws
 * `RegistryError`, or the reason of the signal.
 */
export async function pullChart(options: PullOptions): Promise<PulledChart> {
  return withErrorContext('pull', formatReference(options), async () => {
    if (options.digest !== undefined && !isDigest(options.digest)) {
      const reason = `${JSON.stringify(options.digest)} is not a digest (sha256: and 64 hex digits)`;
      throw new RegistryError({ code: 'InvalidReference', reason });
    }
    return isOci(options) ? pullOciChart(options) : pullClassicChart(options);
  });
}

/**
 * Returns the provenance file that is stored with a chart, as it is and unverified; undefined where there is none. Throws
 * `RegistryError`, or the reason of the signal.
 */
export async function pullProvenance(options: PullOptions): Promise<Buffer | undefined> {
  return withErrorContext('pull the provenance of', formatReference(options), () =>
    isOci(options) ? pullOciProvenance(options) : pullClassicProvenance(options),
  );
}

/**
 * Returns the exact version and the digest that a version or range stands for now, for `pullChart` to be pinned to, without the
 * chart being pulled. Throws `RegistryError`, or the reason of the signal.
 */
export async function resolveChart(source: ChartSource & ConnectionOptions & CacheUse): Promise<ResolvedChart> {
  return withErrorContext('resolve', formatReference(source), () =>
    isOci(source) ? resolveOciChart(source) : resolveClassicChart(source),
  );
}

/** Returns a chart's versions, newest first. Throws `RegistryError`, or the reason of the signal. */
export async function listVersions(source: Omit<ChartSource, 'version'> & ConnectionOptions): Promise<string[]> {
  return withErrorContext('list the versions of', formatReference(source), () =>
    isOci(source) ? listOciVersions(source) : listClassicVersions(source),
  );
}

/**
 * Returns the names of the charts of a classic repository, or of the repositories in the space of an OCI registry, sorted; only their
 * manifests say what those hold. Throws `RegistryError`, `NotFound` where the registry gives no list of what it has.
 */
export async function listCharts(source: { registry: string } & ConnectionOptions): Promise<string[]> {
  return withErrorContext('list the charts of', formatRegistry(source.registry), () =>
    isOci(source) ? listOciCharts(source) : listClassicCharts(source),
  );
}

/**
 * Pushes a chart's tarball to an OCI registry as `helm push` does. `metadata` must be the content of its Chart.yaml: the tarball
 * is not opened. A version that exists with other content is left alone and `VersionExists` thrown, unless it is to be
 * replaced. Throws `RegistryError`, or the reason of the signal.
 */
export async function pushChart(chart: Uint8Array, options: PushOptions): Promise<PushedChart> {
  const { name, version } = options.metadata;
  return withErrorContext('push', formatReference({ registry: options.registry, name, version }), async () => {
    if (isOci(options)) return pushOciChart(chart, options);
    throw new RegistryError({ code: 'InvalidReference', reason: 'only an oci:// registry can be pushed to' });
  });
}

function isOci({ registry }: { registry: string }): boolean {
  return registry.startsWith('oci://');
}
