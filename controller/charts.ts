import type { PackagedChart, Sandbox } from '../chart-renderer/index.ts';
import type { ChartSpec, Release } from '../crds/index.ts';
import { isKubeError, type KubeClient } from '../kube/index.ts';
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

/** A chart that was loaded once without fault, and what its reference resolved to. */
export interface LoadedChart {
  chart: PackagedChart;
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
  digest: string | undefined;
  until: number;
}

const MOST_RESOLUTIONS = 10_000;
const OUTAGE_RETRY_MS = 30_000;

/** The charts of Releases, and what moving references resolved to lately. */
export class Charts {
  readonly #options: ChartOptions;
  readonly #sandbox: Sandbox;
  readonly #resolutions = new Map<string, Resolution>();

  constructor(options: ChartOptions, sandbox: Sandbox) {
    this.#options = options;
    this.#sandbox = sandbox;
  }

  /**
   * The digest that a moving reference resolves to, asked of the registry once in `intervalMs`; the last known one (undefined
   * where there is none) while the registry cannot tell, and undefined for a reference that cannot move. What runs must not
   * suffer from a registry that is down: whoever needs the chart itself is told by `load`. Throws RegistryError, KubeError.
   */
  async movedTo(release: Release, tenant: KubeClient, intervalMs: number): Promise<string | undefined> {
    const { chart } = release.spec;
    if (!followsRange(chart)) return undefined;
    const known = this.#resolutions.get(referenceKey(release));
    if (known && known.until > performance.now()) return known.digest;
    try {
      const { digest } = await resolveChart(await this.#request(chart, release, tenant));
      this.#resolve(release, { digest, until: performance.now() + intervalMs });
      return digest;
    } catch (error) {
      if (!(error instanceof RegistryError) || !error.transient) throw error;
      this.#resolve(release, {
        digest: known?.digest,
        until: performance.now() + Math.min(intervalMs, OUTAGE_RETRY_MS),
      });
      return known?.digest;
    }
  }

  /** Pulls, verifies and parses the chart of a Release. Throws RegistryError, ChartError, ReleaseError, KubeError. */
  async load(release: Release, tenant: KubeClient): Promise<LoadedChart> {
    const { chart: reference } = release.spec;
    if (reference.inline !== undefined) return this.#loadInline(reference.inline);
    const pulled = await pullPinned(await this.#request(reference, release, tenant));
    // What was pulled is newer than what was resolved before it: the next pass must not take the older for a move.
    const known = this.#resolutions.get(referenceKey(release));
    if (known) known.digest = pulled.digest;
    return this.#loaded({ digest: pulled.chartDigest, bytes: pulled.bytes }, pulled.digest);
  }

  #loadInline(base64: string): Promise<LoadedChart> {
    const digest = digestOf(base64);
    return this.#loaded({ digest, bytes: Buffer.from(base64, 'base64') }, digest);
  }

  #resolve(release: Release, resolution: Resolution): void {
    const key = referenceKey(release);
    this.#resolutions.delete(key);
    this.#resolutions.set(key, resolution);
    const [oldest] = this.#resolutions.keys();
    if (this.#resolutions.size > MOST_RESOLUTIONS && oldest !== undefined) this.#resolutions.delete(oldest);
  }

  async #loaded(chart: PackagedChart, digest: string): Promise<LoadedChart> {
    const { name, version, appVersion } = await this.#sandbox.inspect(chart);
    return { chart, resolved: { name, version, ...(appVersion === '' ? {} : { appVersion }), digest } };
  }

  async #request(chart: ChartSpec, release: Release, tenant: KubeClient): Promise<PullOptions> {
    const { registry, name, version, digest } = chart;
    if (registry === undefined || name === undefined) {
      throw new ReleaseError('ChartInvalid', 'spec.chart names no chart: set registry and name, or inline');
    }
    const host = hostOf(registry);
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
  const secret = await tenant.get(SECRETS, release.metadata.namespace, secretRef.name).catch((cause: unknown) => {
    if (!isKubeError(cause, 'NotFound')) throw cause;
    const message = `Secret ${secretRef.name} of spec.chart.secretRef does not exist`;
    throw new ReleaseError('RegistryUnauthorized', message, { cause });
  });
  const data = secret['data'] as Record<string, string> | undefined;
  const config = data?.['.dockerconfigjson'];
  if (config === undefined) {
    const message = `Secret ${secretRef.name} of spec.chart.secretRef is not of type kubernetes.io/dockerconfigjson`;
    throw new ReleaseError('RegistryUnauthorized', message);
  }
  return credentialsFor(Buffer.from(config, 'base64').toString('utf8'), host);
}

function hostOf(registry: string): string {
  if (URL.canParse(registry)) return new URL(registry).host;
  throw new ReleaseError('RegistryRefused', `spec.chart.registry ${JSON.stringify(registry)} is no address`);
}

function referenceKey({ metadata, spec }: Release): string {
  return digestOf([metadata.namespace, spec.serviceAccountName, spec.chart]);
}
