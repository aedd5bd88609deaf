import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { PackagedChart, Sandbox } from '../../chart-renderer/index.ts';
import type { ChartSignature, ChartSpec, Release, ReleaseHistory } from '../../crds/index.ts';
import type { KubeClient } from '../../kube/index.ts';
import {
  placeOf,
  pullChart,
  resolveChart,
  RegistryError,
  type ChartPlace,
  type PulledChart,
  type PullOptions,
  type RegistryErrorCode,
} from '../../registry-client/index.ts';
import { digestOfJson } from '../../resources/index.ts';
import type { ChartOptions } from './chart-options.ts';
import { followsRange, type ResolvedChart } from '../history/content.ts';
import type { Observed } from '../pass/observed.ts';
import { durationMs } from '../pass/duration.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { withoutUndefined } from '../pass/without-undefined.ts';
import {
  accessByPullSecrets,
  accessBySecret,
  ANONYMOUS,
  type PullSecretsAccess,
  type RegistryAccess,
} from './registry-access.ts';
import { Resolutions, type Answer } from './resolutions.ts';
import { policyDigest } from './policy-digest.ts';

/** A chart that was loaded once without fault, and what its reference resolved to. */
export interface LoadedChart {
  chart: PackagedChart;
  resolved: ResolvedChart;
}

type ExactChart = Pick<ResolvedChart, 'version' | 'digest'>;

/** Who pulls a chart, for which Release, and whose signature it must have. */
type Puller = Pick<Observed, 'release' | 'tenant' | 'verify'>;

/** By which key the resolution of a reference is known, since when, and what it took to get it. */
interface ResolvedReference {
  key: string;
  sinceMs: number;
  by: 'secret' | 'anonymous' | 'pull-secrets';
}

type Use<T> = (request: PullOptions, by: ResolvedReference['by']) => Promise<T>;

const MAX_RESOLVED = 10_000;
/** How old an answer may be for a reference that was not seen before: Releases that are created together share it. */
const BURST_MS = 2_000;

/** The charts of Releases. What one tenant's credentials have fetched serves others only where they present the same ones. */
export class Charts {
  readonly #options: ChartOptions;
  readonly #sandbox: Sandbox;
  readonly #resolutions = new Resolutions();
  readonly #resolved = new LRUCache<string, ResolvedReference>({ max: MAX_RESOLVED });
  readonly #pulls = new Map<string, Promise<PulledChart>>();

  constructor(options: ChartOptions, sandbox: Sandbox) {
    this.#options = options;
    this.#sandbox = sandbox;
  }

  /**
   * The digest that a moving reference resolves to, not older than `spec.interval`; the last known one (undefined where there is
   * none) while the registry cannot tell, and undefined for a reference that cannot move. What runs must not suffer from a registry
   * that is down: `load` throws for those who need the chart itself. Throws RegistryError, ReleaseError, KubeError.
   */
  async resolvedDigest(release: Release, tenant: KubeClient): Promise<string | undefined> {
    if (!followsRange(release.spec.chart)) return undefined;
    return (await this.#resolve(release, tenant)).chart?.digest;
  }

  /** Milliseconds until a moving reference is to be resolved again; undefined for one that cannot move. */
  dueInMs(release: Release): number | undefined {
    if (!followsRange(release.spec.chart)) return undefined;
    const intervalMs = durationMs(release.spec.interval);
    const followed = this.#resolved.get(referenceKey(release));
    return (followed && this.#resolutions.dueInMs(followed.key, intervalMs)) ?? intervalMs;
  }

  /** Forgets what the chart at a place resolved to. */
  forget({ host, path }: Pick<ChartPlace, 'host' | 'path'>): void {
    this.#resolutions.forgetPlace(`${host}/${path}`);
  }

  /**
   * Pulls, verifies and parses the chart of a Release. Of a range, the chart to keep while the registry has it, else what the range resolves to now;
   * of an exact version what the registry has by it or, during an outage, the one to keep. Throws RegistryError, ChartError,
   * ReleaseError, KubeError.
   */
  async load(puller: Puller, keep?: ExactChart): Promise<LoadedChart> {
    const { release } = puller;
    const { chart } = release.spec;
    if (chart.inline !== undefined) return this.#loadInline(chart.inline, release);
    const pulled = await (followsRange(chart) ? this.#pullFollowed(puller, keep) : this.#pullNamed(puller, keep));
    const loaded = await this.#loaded(
      { digest: pulled.chartDigest, read: pulled.content.read },
      pulled.digest,
      release,
    );
    return { ...loaded, resolved: withoutUndefined({ ...loaded.resolved, verified: pulled.verified }) };
  }

  /**
   * Whose signature the chart of a recorded version has, of those that are asked for now. Throws RegistryError, also where it has
   * none; ReleaseError, KubeError.
   */
  async signatureOf(puller: Puller, history: ReleaseHistory): Promise<ChartSignature | undefined> {
    const { release, tenant, verify } = puller;
    const { version, digest } = history.spec.resolved;
    const spec = { ...release.spec, chart: { ...history.spec.chart, version, digest } };
    const recorded = { release: { ...release, spec }, tenant };
    const pulled = await this.#withAccess(recorded, (request) => this.#pull({ ...request, verify }, pullChart));
    return pulled.verified;
  }

  async #loadInline(base64: string, release: Release): Promise<LoadedChart> {
    const bytes = Buffer.from(base64, 'base64');
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const { digest: asked } = release.spec.chart;
    if (asked === undefined || asked === digest) return this.#loaded({ digest, read: () => [bytes] }, digest, release);
    throw new ReleaseError(
      'ChartDigestMismatch',
      `spec.chart.digest asks for ${asked}, but the inline chart has ${digest}`,
    );
  }

  async #loaded(packaged: PackagedChart, digest: string, { metadata, spec }: Release): Promise<LoadedChart> {
    const chart = { ...packaged, helmVersion: spec.helmVersion };
    const { name, version, appVersion } = await this.#sandbox.inspect(chart, metadata.namespace);
    return { chart, resolved: { name, version, ...(appVersion === '' ? {} : { appVersion }), digest } };
  }

  async #pullFollowed(puller: Puller, keep: ExactChart | undefined): Promise<PulledChart> {
    if (!keep) return this.#pullNewest(puller);
    return this.#pullExactly(puller, keep).catch((error: unknown) => {
      if (!(error instanceof RegistryError && LOST.has(error.code))) throw error;
      return this.#pullNewest(puller);
    });
  }

  async #pullNamed(puller: Puller, keep: ExactChart | undefined): Promise<PulledChart> {
    const { verify } = puller;
    const pulled = this.#withAccess(puller, (request) => this.#pull({ ...request, verify }, pullPinned));
    return pulled.catch((error: unknown) => {
      if (!keep || !(error instanceof RegistryError && error.code === 'Unavailable')) throw error;
      return this.#pullExactly(puller, keep);
    });
  }

  #pullExactly(puller: Puller, { version, digest }: ExactChart): Promise<PulledChart> {
    const { verify } = puller;
    return this.#withAccess(puller, (request) => this.#pull({ ...request, version, digest, verify }, pullChart));
  }

  /** Pulls what the reference was resolved to; it is resolved again only if the registry no longer has that. */
  async #pullNewest(puller: Puller): Promise<PulledChart> {
    const { release, tenant } = puller;
    const pullResolved = async (): Promise<PulledChart> => {
      const { chart, outage } = await this.#resolve(release, tenant);
      if (!chart)
        throw outage ?? new ReleaseError('RegistryUnavailable', 'no answer from the registry', { retry: 'soon' });
      return this.#pullExactly(puller, chart);
    };
    return pullResolved().catch((error: unknown) => {
      if (!(error instanceof RegistryError) || error.code !== 'DigestMismatch') throw error;
      this.#resolutions.forget(this.#resolved.get(referenceKey(release))?.key ?? '');
      return pullResolved();
    });
  }

  /** Equal pulls that are under way are one. */
  #pull(request: PullOptions, pull: (request: PullOptions) => Promise<PulledChart>): Promise<PulledChart> {
    const { registry, name, version, digest, cacheScope, verify } = request;
    const key = digestOfJson([registry, name, version, digest, cacheScope, policyDigest(verify)]);
    const begun = this.#pulls.get(key) ?? pull(request).finally(() => this.#pulls.delete(key));
    this.#pulls.set(key, begun);
    return begun;
  }

  /** Credentials are read once an interval, lest a tenant goes on following by what it was allowed once. */
  async #resolve(release: Release, tenant: KubeClient): Promise<Answer> {
    const reference = referenceKey(release);
    const intervalMs = durationMs(release.spec.interval);
    const followed = this.#resolved.get(reference);
    if (followed && performance.now() - followed.sinceMs < intervalMs) {
      const recent = this.#resolutions.recent(followed.key, intervalMs);
      if (recent) return recent;
    }
    const isKnown = followed !== undefined || release.status?.observedGeneration === release.metadata.generation;
    return this.#withAccess({ release, tenant }, async (request, by) => {
      const { registry, name, version, cacheScope } = request;
      const key = digestOfJson([registry, name, version, cacheScope]);
      this.#resolved.set(reference, { key, sinceMs: performance.now(), by });
      const { host, path } = placeOf(request);
      const question = { key, place: `${host}/${path}`, ask: () => resolveChart(request) };
      return this.#resolutions.resolve(question, isKnown ? intervalMs : BURST_MS);
    });
  }

  /**
   * Uses the registry with what `secretRef` holds; without one as anyone, and where that is refused with the service account's pull
   * secrets, as for images.
   */
  async #withAccess<T>({ release, tenant }: Puller, use: Use<T>): Promise<T> {
    const { chart } = release.spec;
    const place = this.#placeOf(chart);
    if (chart.secretRef) {
      const access = await accessBySecret(chart.secretRef, place, release.metadata.namespace, tenant);
      return use(this.#requestFor(chart, place, access), 'secret');
    }
    if (this.#resolved.get(referenceKey(release))?.by === 'pull-secrets') {
      const known = await accessByPullSecrets(release, place, tenant);
      if ('access' in known) return use(this.#requestFor(chart, place, known.access), 'pull-secrets');
    }
    try {
      return await use(this.#requestFor(chart, place, ANONYMOUS), 'anonymous');
    } catch (error) {
      if (!(error instanceof RegistryError) || !MAY_BE_PRIVATE.has(error.code)) throw error;
      const found = await accessByPullSecrets(release, place, tenant);
      if ('access' in found) return use(this.#requestFor(chart, place, found.access), 'pull-secrets');
      throw error.code === 'Unauthorized' ? withoutPullSecrets(error, found) : error;
    }
  }

  /** Where the chart is; throws ReleaseError where the administrator does not allow that. */
  #placeOf({ registry, name }: ChartSpec): ChartPlace {
    if (registry === undefined || name === undefined) {
      throw new ReleaseError('ChartInvalid', 'spec.chart names no chart: set registry and name, or inline');
    }
    const place = placeOf({ registry, name });
    if (this.#options.registries.allowsPlace(place)) return place;
    const message = `charts from ${place.host}/${place.path} are not allowed: the administrator sets the allowed registries with --allow-registry`;
    throw new ReleaseError('RegistryRefused', message);
  }

  #requestFor(chart: ChartSpec, { host }: ChartPlace, access: RegistryAccess): PullOptions {
    const { registry = '', name = '', version, digest } = chart;
    const { cache, plainHttpHosts, network, proxy, limits } = this.#options;
    const { credentials, tls, identity: cacheScope } = access;
    const tokenServers = [...(access.tokenServers ?? []), ...(this.#options.tokenServers.get(host) ?? [])];
    const allowPlainHttp = plainHttpHosts.includes(host);
    const connection = { credentials, tokenServers, tls, allowPlainHttp, network, proxy, limits };
    return { registry, name, version, digest, ...connection, cache, cacheScope };
  }
}

/** Refusals that credentials may turn, and an outage: what took credentials may be in the cache for those who have them. */
const MAY_BE_PRIVATE: ReadonlySet<RegistryErrorCode> = new Set(['Unauthorized', 'NotFound', 'Unavailable']);

/** Why there were no credentials to show. */
function withoutPullSecrets(
  error: RegistryError,
  { obstacle, refused }: Extract<PullSecretsAccess, { obstacle: string }>,
): ReleaseError {
  const cause = refused.length > 0 ? new AggregateError(refused) : error;
  return new ReleaseError('RegistryUnauthorized', `${error.message}; ${obstacle}`, { cause });
}

/** What a registry says of a chart that it had once. */
const LOST: ReadonlySet<RegistryErrorCode> = new Set([
  'NotFound',
  'DigestMismatch',
  'VersionNotFound',
  'NoVersionMatches',
]);

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

/** Equal for the same reference of the same tenant. */
function referenceKey({ metadata, spec }: Release): string {
  return digestOfJson([metadata.namespace, spec.serviceAccountName, spec.chart]);
}
