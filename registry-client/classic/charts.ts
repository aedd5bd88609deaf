import { createHash } from 'node:crypto';

import { downloaded, keepSignature, openCached, readSignature, readValidated } from '../content.ts';
import { isDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { RegistryError } from '../errors.ts';
import { bodyOf, readBody } from '../http/body.ts';
import { shown } from '../http/failures.ts';
import { withRetries } from '../http/retry.ts';
import { openSession } from '../http/session.ts';
import type { Session } from '../http/session.ts';
import { expectOk, statusFailure } from '../http/status.ts';
import type { CacheUse, ChartSource, ConnectionOptions, PullOptions } from '../options.ts';
import { pullOciChart } from '../oci/charts.ts';
import { checkClassicName, parseChartReference, parseRegistry } from '../reference.ts';
import type { PulledChart, ResolvedChart } from '../results.ts';
import { DISCARDING_SINK } from '../sink.ts';
import type { Content, Sink } from '../sink.ts';
import { newestFirst, pickNewest, selectorOf, versionNotFound } from '../selector.ts';
import { asVersion, compareVersions } from '../../golang/semver/index.ts';
import { notVerified } from '../verify/policy.ts';
import type { VerifiedSignature } from '../verify/policy.ts';
import { verifyProvenance, withoutProvenance } from '../verify/provenance.ts';
import { chartsInIndex, versionsInIndex } from './index-file.ts';
import type { IndexEntry } from './index-file.ts';

const MEDIA_TYPE = 'application/gzip';

/** Pulls a chart of a classic repository; see `pullChart`. */
export async function pullClassicChart(options: PullOptions): Promise<PulledChart> {
  const { verify } = options;
  if (verify?.provider === 'Cosign') {
    throw notVerified('only OCI registries keep cosign signatures', 'verify with a keyring of the provider Helm');
  }
  return (await pullFromCache(options)) ?? pullFromRepository(options);
}

/** Returns the chart that is pinned if it is cached, together with a provenance file where that is asked for. */
async function pullFromCache(options: PullOptions): Promise<PulledChart | undefined> {
  const { digest, verify } = options;
  const selector = selectorOf(options.version);
  if (!isDigest(digest) || selector.kind !== 'exact') return undefined;
  const content = await openCached(options, digest);
  if (content === undefined || verify === undefined) return content && pulled(content, selector.name, digest);
  const provenance = await readSignature(options, digest);
  if (provenance === undefined) return undefined;
  try {
    const signed = { name: options.name, version: selector.name, chartDigest: digest };
    return {
      ...pulled(content, selector.name, digest),
      verified: await verifyProvenance(verify.keys, provenance, signed),
    };
  } catch (error) {
    // The chart may have been signed again since.
    if (error instanceof RegistryError && error.code === 'VerificationFailed') return undefined;
    throw error;
  }
}

async function pullFromRepository(options: PullOptions): Promise<PulledChart> {
  return withClassicRepository(options, async (session, base) => {
    const entry = pick(await readVersions(session, base, options), options);
    const version = entry.version.original;
    const expected = expectedDigest(options, entry);
    const inRegistry = ociUrlOf(entry);
    if (inRegistry !== undefined) return pullFromRegistry(options, inRegistry, entry, expected);
    const cached = expected && (await openCached(options, expected));
    const { content, digest } = cached
      ? { content: cached, digest: expected }
      : await downloaded(options, { max: session.limits.chartBytes }, async (sink) => {
          const found = await downloadTarball(session, tarballUrl(base, entry), sink);
          if (expected === undefined || found === expected) return { digest: found, session };
          throw mismatch(`the tarball of version ${version}`, expected, found);
        });
    const chart = pulled(content, version, digest);
    return { ...chart, verified: await provenanceOf(options, session, provenanceUrl(base, entry), chart) };
  });
}

/** As in Helm, an index may say that a chart is in an OCI registry; that is another place, which is shown no credentials. */
async function pullFromRegistry(
  options: PullOptions,
  url: string,
  { version: { original } }: IndexEntry,
  expected: Digest | undefined,
): Promise<PulledChart> {
  const { registry, name, version = original } = parseChartReference(url);
  const anonymous = { ...options, credentials: undefined, tls: undefined, digest: undefined };
  const chart = await pullOciChart({ ...anonymous, registry, name, version });
  if (expected !== undefined && chart.chartDigest !== expected) {
    throw mismatch(`the tarball of version ${original}`, expected, chart.chartDigest);
  }
  return { ...chart, version: original, digest: chart.chartDigest };
}

function ociUrlOf({ urls: [first = ''] }: IndexEntry): string | undefined {
  return first.startsWith('oci://') ? first : undefined;
}

function expectedDigest({ digest: pinned }: PullOptions, { version, digest }: IndexEntry): Digest | undefined {
  if (!isDigest(pinned)) return digest;
  if (digest !== undefined && digest !== pinned) throw mismatch(`version ${version.original}`, pinned, digest);
  return pinned;
}

async function provenanceOf(
  options: PullOptions,
  session: Session,
  url: URL,
  { version, chartDigest }: PulledChart,
): Promise<VerifiedSignature | undefined> {
  const { verify, name } = options;
  if (verify === undefined) return undefined;
  const provenance = await download(session, url, session.limits.signatureBytes).catch((error: unknown) => {
    throw error instanceof RegistryError && error.code === 'NotFound' ? withoutProvenance(error) : error;
  });
  const signature = await verifyProvenance(verify.keys, provenance, { name, version, chartDigest });
  await keepSignature(options, chartDigest, session, provenance);
  return signature;
}

/** Pulls the provenance file of a chart of a classic repository; see `pullProvenance`. */
export async function pullClassicProvenance(options: PullOptions): Promise<Buffer | undefined> {
  return withClassicRepository(options, async (session, base) => {
    const entry = pick(await readVersions(session, base, options), options);
    expectedDigest(options, entry);
    return download(session, provenanceUrl(base, entry), session.limits.signatureBytes).catch((error: unknown) => {
      if (error instanceof RegistryError && error.code === 'NotFound') return undefined;
      throw error;
    });
  });
}

/** Resolves a version of a chart of a classic repository; see `resolveChart`. */
export async function resolveClassicChart(source: ChartSource & ConnectionOptions & CacheUse): Promise<ResolvedChart> {
  return withClassicRepository(source, async (session, base) => {
    const entry = pick(await readVersions(session, base, source), source);
    // An index need not have digests; then the tarball's has to be computed.
    const digest = entry.digest ?? (await digestOfTarball(source, session, base, entry));
    return { version: entry.version.original, digest };
  });
}

async function digestOfTarball(source: PullOptions, session: Session, base: URL, entry: IndexEntry): Promise<Digest> {
  const inRegistry = ociUrlOf(entry);
  if (inRegistry === undefined) return downloadTarball(session, tarballUrl(base, entry), DISCARDING_SINK);
  return (await pullFromRegistry(source, inRegistry, entry, undefined)).digest;
}

/** Lists the versions of a chart of a classic repository; see `listVersions`. */
export async function listClassicVersions(source: ChartSource & ConnectionOptions): Promise<string[]> {
  return withClassicRepository(source, async (session, base) => {
    const versions = newestFirst(await readVersions(session, base, source));
    return [...new Set(versions.map(({ version }) => version.original))];
  });
}

/** Lists the charts of a classic repository; see `listCharts`. */
export async function listClassicCharts(source: { registry: string } & ConnectionOptions): Promise<string[]> {
  return withClassicRepository(source, async (session, base) => chartsInIndex(await readIndex(session, base, {})));
}

async function withClassicRepository<Result>(
  source: { registry: string; name?: string } & ConnectionOptions,
  use: (session: Session, base: URL) => Promise<Result>,
): Promise<Result> {
  if (source.name !== undefined) checkClassicName(source.name);
  const base = parseRegistry(source.registry);
  base.pathname = base.pathname.replace(/\/*$/, '/');
  const session = openSession(base, undefined, source);
  try {
    return await use(session, base);
  } finally {
    await session.close();
  }
}

async function readVersions(session: Session, base: URL, source: { name: string } & CacheUse): Promise<IndexEntry[]> {
  const { name } = source;
  const versions = await versionsInIndex(await readIndex(session, base, source), name);
  if (versions !== undefined) return versions;
  throw new RegistryError({ code: 'NotFound', reason: `${shown(base)}index.yaml has no chart ${name}` });
}

/** An index that has not changed is not downloaded again. */
async function readIndex(session: Session, base: URL, options: CacheUse): Promise<Buffer> {
  const url = withQueryOf(base, new URL('index.yaml', base));
  return readValidated(options, url, session, (etag) =>
    withRetries(session.retries, session.signal, async () => {
      const headers: Record<string, string> = etag === undefined ? {} : { 'if-none-match': etag };
      const response = await session.send({ method: 'GET', url, headers });
      if (response.status === 304 && etag !== undefined) {
        response.drop();
        return undefined;
      }
      if (response.status !== 200) throw await statusFailure(session, response);
      return { bytes: await readBody(response, session.limits.indexBytes), etag: response.header('etag') };
    }),
  );
}

/** The first entry of the newest version, as Helm picks it. */
function pick(versions: IndexEntry[], { version: wanted }: ChartSource): IndexEntry {
  const selector = selectorOf(wanted);
  if (selector.kind === 'range') return pickNewest(versions, selector);
  const { name } = selector;
  const parsed = asVersion(name);
  const same = versions.find(({ version }) => version.original === name);
  const equal = versions.find(({ version }) => parsed !== undefined && compareVersions(version, parsed) === 0);
  const entry = same ?? equal;
  if (entry === undefined) throw versionNotFound(name, versions);
  return entry;
}

/** Writes a tarball to `sink` and returns the digest of what it wrote. */
async function downloadTarball(session: Session, url: URL, sink: Sink): Promise<Digest> {
  return withRetries(session.retries, session.signal, async () => {
    await sink.restart();
    const hash = createHash('sha256');
    for await (const piece of bodyOf(await expectOk(session, { method: 'GET', url }), session.limits.chartBytes)) {
      hash.update(piece);
      await sink.write(piece);
    }
    return `sha256:${hash.digest('hex')}` as const;
  });
}

function tarballUrl(base: URL, { urls, version }: IndexEntry): URL {
  const usable = urls
    .map((url) => (URL.canParse(url, base.href) ? new URL(url, base) : undefined))
    .find((url) => url?.protocol === 'https:' || url?.protocol === 'http:');
  if (usable === undefined) {
    const reason = `version ${version.original} has no URL in index.yaml that is http or https`;
    throw new RegistryError({ code: 'InvalidIndex', reason });
  }
  return usable.origin === base.origin ? withQueryOf(base, usable) : usable;
}

/** As in Helm, the provenance file stands beside the tarball. */
function provenanceUrl(base: URL, entry: IndexEntry): URL {
  const url = tarballUrl(base, entry);
  url.pathname += '.prov';
  return url;
}

async function download(session: Session, url: URL, limit: number): Promise<Buffer> {
  return withRetries(session.retries, session.signal, async () => {
    return readBody(await expectOk(session, { method: 'GET', url }), limit);
  });
}

/** As in Helm, the query of the repository's URL goes with everything in it. */
function withQueryOf(base: URL, url: URL): URL {
  if (base.search === '' || url.search !== '') return url;
  const full = new URL(url);
  full.search = base.search;
  return full;
}

function pulled(content: Content, version: string, digest: Digest): PulledChart {
  return { content, version, digest, chartDigest: digest, mediaType: MEDIA_TYPE, verified: undefined };
}

function mismatch(what: string, wanted: Digest, found: Digest): RegistryError {
  return new RegistryError({ code: 'DigestMismatch', reason: `${what} has the digest ${found} instead of ${wanted}` });
}
