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
import { digestOfJson, withoutUndefined } from '../../resources/index.ts';
import type { ChartOptions } from './chart-options.ts';
import { followsRange, referenceDigest, type ResolvedChart } from '../../records/index.ts';
import type { Observed } from '../pass/observed.ts';
import { inStep } from '../pass/step.ts';
import { durationMs } from '../pass/duration.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import {
  accessByPullSecrets,
  accessBySecret,
  ANONYMOUS,
  type PullSecretsAccess,
  type RegistryAccess,
} from './registry-access.ts';
import { Resolutions, type Answer } from './resolutions.ts';
import { policyDigest } from './policy-digest.ts';

/** A chart that was loaded without an error, and what its reference resolved to. */
export interface LoadedChart {
  chart: PackagedChart;
  resolved: ResolvedChart;
}

type ExactChart = Pick<ResolvedChart, 'version' | 'digest'>;

/** Who pulls a chart, for which Release, and whose signature it must have. */
type Puller = Pick<Observed, 'release' | 'tenant' | 'verify'>;

/** The key under which the resolution of a reference is known, since when, and which access it took. */
interface ResolvedReference {
  key: string;
  sinceMs: number;
  by: 'secret' | 'anonymous' | 'pull-secrets';
}

/** How a chart is loaded. */
interface Loading {
  /** A chart that is kept where the reference allows that. */
  keep?: ExactChart | undefined;
  /** Told how many bytes the chart takes before anything is made of it; what it throws is passed on. */
  onPulled: (bytes: number) => void;
}

type Use<T> = (request: PullOptions, by: ResolvedReference['by']) => Promise<T>;

const MAX_RESOLVED = 10_000;
/** How old an answer may be for a reference that was not seen before: Releases that are created together share it. */
const SHARED_ANSWER_MS = 2_000;

/** The charts of Releases. What one tenant's credentials have fetched serves others only if they present the same credentials. */
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
   * The digest that a moving reference resolves to, not older than `spec.interval`; while the registry cannot say, the last known one
   * (undefined where there is none). Undefined for a reference that cannot move. A registry that is down must not disturb what runs: it is
   * `load` that throws for a caller that needs the chart itself. Throws RegistryError, ReleaseError, KubeError.
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
   * Pulls, verifies and parses the chart of a Release. For a range: the chart `keep` while the registry has it, else what the range
   * resolves to now. For an exact version: what the registry has for it or, during an outage, the chart `keep`. Throws RegistryError,
   * ChartError, ReleaseError, KubeError.
   */
  async load(puller: Puller, { keep, onPulled }: Loading): Promise<LoadedChart> {
    const { release } = puller;
    const { chart } = release.spec;
    if (chart.inline !== undefined) return this.#loadInline(chart.inline, release);
    const pulled = await (followsRange(chart) ? this.#pullFollowed(puller, keep) : this.#pullNamed(puller, keep));
    onPulled(pulled.content.size);
    const loaded = await this.#loaded(
      { digest: pulled.chartDigest, read: pulled.content.read },
      pulled.digest,
      release,
    );
    return { ...loaded, resolved: withoutUndefined({ ...loaded.resolved, verified: pulled.verified }) };
  }

  /**
   * Which of the signatures asked for now the chart of a recorded version has. Throws RegistryError, also where it has none of them;
   * ReleaseError, KubeError.
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

  /** A pull equal to one that is under way joins it. */
  #pull(request: PullOptions, pull: (request: PullOptions) => Promise<PulledChart>): Promise<PulledChart> {
    const { registry, name, version, digest, cacheScope, verify } = request;
    const key = digestOfJson([registry, name, version, digest, cacheScope, policyDigest(verify)]);
    const begun = this.#pulls.get(key) ?? pull(request).finally(() => this.#pulls.delete(key));
    this.#pulls.set(key, begun);
    return begun;
  }

  /** Credentials are read again each interval, lest a tenant goes on following a reference by access that it no longer has. */
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
      const question = { key, place: `${host}/${path}`, ask: () => inStep('resolve', () => resolveChart(request)) };
      return this.#resolutions.resolve(question, isKnown ? intervalMs : SHARED_ANSWER_MS);
    });
  }

  /**
   * Uses the registry with what `secretRef` holds; without one, anonymously and, where that is refused, with the service account's pull
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
    const { cache, plainHttpHosts, network, proxy, limits, onRequest } = this.#options;
    const { credentials, tls, identity: cacheScope } = access;
    const tokenServers = [...(access.tokenServers ?? []), ...(this.#options.tokenServers.get(host) ?? [])];
    const allowPlainHttp = plainHttpHosts.includes(host);
    const connection = { credentials, tokenServers, tls, allowPlainHttp, network, proxy, limits, onRequest };
    return { registry, name, version, digest, ...connection, cache, cacheScope };
  }
}

/** Refusals that credentials may overcome, and an outage: a chart that took credentials may be in the cache for those who have them. */
const MAY_BE_PRIVATE: ReadonlySet<RegistryErrorCode> = new Set(['Unauthorized', 'NotFound', 'Unavailable']);

/** Why there were no credentials to present. */
function withoutPullSecrets(
  error: RegistryError,
  { obstacle, refused }: Extract<PullSecretsAccess, { obstacle: string }>,
): ReleaseError {
  const cause = refused.length > 0 ? new AggregateError(refused) : error;
  return new ReleaseError('RegistryUnauthorized', `${error.message}; ${obstacle}`, { cause });
}

/** What a registry says of a chart that it once had. */
const LOST: ReadonlySet<RegistryErrorCode> = new Set([
  'NotFound',
  'DigestMismatch',
  'VersionNotFound',
  'NoVersionMatches',
]);

/** Like pullChart; where the digest asked for is not found, says which one the version has instead. */
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
  return digestOfJson([metadata.namespace, spec.serviceAccountName, referenceDigest(spec.chart)]);
}
