import { loadChart, type Chart } from '../chart-renderer/index.ts';
import type { ChartSpec, Release } from '../crds/index.ts';
import type { KubeClient } from '../kube/index.ts';
import {
  credentialsFor,
  pullChart,
  resolveChart,
  RegistryError,
  type ChartCache,
  type Credentials,
  type NetworkPolicy,
  type PulledChart,
  type PullOptions,
} from '../registry-client/index.ts';
import { digestOf } from '../resources/index.ts';
import { followsRange, type ResolvedChart } from './content.ts';
import { ReleaseError } from './errors.ts';
import { SECRETS } from './resources.ts';

/** A chart in memory, and what its reference resolved to. */
export interface LoadedChart {
  chart: Chart;
  resolved: ResolvedChart;
}

/** How the registry is reached. */
export interface ChartOptions {
  cache: ChartCache;
  /** Hosts (`host[:port]`) that may be reached by plain HTTP. */
  plainHttpHosts: readonly string[];
  network: NetworkPolicy;
}

interface Resolution {
  digest: string;
  until: number;
}

const MOST_CHARTS = 64;

/** Charts by digest, parsed once for all Releases that use them, and what moving references resolved to lately. */
export class Charts {
  readonly #options: ChartOptions;
  readonly #loaded = new Map<string, Promise<Chart>>();
  readonly #resolutions = new Map<string, Resolution>();

  constructor(options: ChartOptions) {
    this.#options = options;
  }

  /**
   * The digest that a moving reference resolves to, asked of the registry once in `intervalMs`; undefined for a reference
   * that cannot move. Throws RegistryError, KubeError.
   */
  async movedTo(release: Release, tenant: KubeClient, intervalMs: number): Promise<string | undefined> {
    const { chart } = release.spec;
    if (!followsRange(chart)) return undefined;
    const known = this.#resolutions.get(referenceKey(release));
    if (known && known.until > performance.now()) return known.digest;
    const { digest } = await resolveChart(await this.#request(chart, release, tenant));
    this.#resolutions.set(referenceKey(release), { digest, until: performance.now() + intervalMs });
    return digest;
  }

  /** Pulls, verifies and parses the chart of a Release. Throws RegistryError, ChartError, ReleaseError, KubeError. */
  async load(release: Release, tenant: KubeClient): Promise<LoadedChart> {
    const { chart: reference } = release.spec;
    if (reference.inline !== undefined) return this.#loadInline(reference.inline);
    const pulled = await pullPinned(await this.#request(reference, release, tenant));
    // What was pulled is newer than what was resolved before it: the next pass must not take the older for a move.
    const known = this.#resolutions.get(referenceKey(release));
    if (known) known.digest = pulled.digest;
    const chart = await this.#parsed(pulled.chartDigest, pulled.bytes);
    return { chart, resolved: resolvedOf(chart, pulled.digest) };
  }

  async #loadInline(base64: string): Promise<LoadedChart> {
    const bytes = Buffer.from(base64, 'base64');
    const digest = digestOf(base64);
    const chart = await this.#parsed(digest, bytes);
    return { chart, resolved: resolvedOf(chart, digest) };
  }

  #parsed(digest: string, bytes: Uint8Array): Promise<Chart> {
    const chart = this.#loaded.get(digest) ?? loadChart(bytes);
    this.#loaded.delete(digest);
    this.#loaded.set(digest, chart);
    chart.catch(() => this.#loaded.delete(digest));
    const [oldest] = this.#loaded.keys();
    if (this.#loaded.size > MOST_CHARTS && oldest !== undefined) this.#loaded.delete(oldest);
    return chart;
  }

  async #request(chart: ChartSpec, release: Release, tenant: KubeClient): Promise<PullOptions> {
    const { registry, name, version, digest } = chart;
    if (registry === undefined || name === undefined) {
      throw new ReleaseError('ChartInvalid', 'spec.chart names no chart: set registry and name, or inline');
    }
    const { host } = new URL(registry);
    const { cache, plainHttpHosts, network } = this.#options;
    const credentials = await credentialsOf(chart, host, release, tenant);
    const allowPlainHttp = plainHttpHosts.includes(host);
    const cacheScope = `${release.metadata.namespace}/${chart.secretRef?.name ?? ''}`;
    return { registry, name, version, digest, credentials, allowPlainHttp, network, cache, cacheScope };
  }
}

/** As pullChart; where a digest is not to be had, says what the version has instead. */
async function pullPinned(request: PullOptions): Promise<PulledChart> {
  try {
    return await pullChart(request);
  } catch (error) {
    const isPinned = request.digest !== undefined && request.version !== undefined;
    if (!isPinned || !(error instanceof RegistryError) || error.code !== 'NotFound') throw error;
    const { version, digest } = await resolveChart(request);
    const message = `spec.chart.digest asks for ${request.digest}, but ${request.name} ${version} has ${digest}`;
    throw new ReleaseError('ChartDigestMismatch', message, { cause: error });
  }
}

/** The credentials that `secretRef` holds for this registry, read as the tenant. */
async function credentialsOf(
  { secretRef }: ChartSpec,
  host: string,
  release: Release,
  tenant: KubeClient,
): Promise<Credentials | undefined> {
  if (!secretRef) return undefined;
  const secret = await tenant.get(SECRETS, release.metadata.namespace, secretRef.name);
  const data = secret['data'] as Record<string, string> | undefined;
  const config = data?.['.dockerconfigjson'];
  if (config === undefined) {
    const message = `Secret ${secretRef.name} of spec.chart.secretRef is not of type kubernetes.io/dockerconfigjson`;
    throw new ReleaseError('RegistryUnauthorized', message);
  }
  return credentialsFor(Buffer.from(config, 'base64').toString('utf8'), host);
}

function referenceKey({ metadata, spec }: Release): string {
  return digestOf([metadata.namespace, spec.serviceAccountName, spec.chart]);
}

function resolvedOf(chart: Chart, digest: string): ResolvedChart {
  const { name, version, appVersion } = chart.metadata;
  return { name, version, ...(appVersion === '' ? {} : { appVersion }), digest };
}
