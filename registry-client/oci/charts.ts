import { setImmediate as othersHaveRun } from 'node:timers/promises';
import { asStrictVersion, type Version } from '../../golang/semver/index.ts';
import { downloaded, openCached, readThrough } from '../content.ts';
import { isDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { RegistryError } from '../errors.ts';
import { parseJsonObject } from '../json-object.ts';
import { limitsOf } from '../options.ts';
import type { ChartSource, ConnectionOptions, PullOptions } from '../options.ts';
import { checkTag, tagOfVersion, versionOfTag } from '../reference.ts';
import type { PulledChart, ResolvedChart } from '../results.ts';
import { isSelected, newestFirst, pickNewest, selectorOf, versionNotFound } from '../selector.ts';
import type { Content } from '../sink.ts';
import type { SignedManifest } from '../verify/cosign.ts';
import { requestedChart, requireSameChart } from '../verify/policy.ts';
import type { VerifiedSignature } from '../verify/policy.ts';
import { verifyProvenance, withoutProvenance } from '../verify/provenance.ts';
import { withRepository } from './connect.ts';
import { isChart, parseManifest } from './manifest.ts';
import type { ChartManifest, Descriptor } from './manifest.ts';
import { digestOfTag, downloadBlob, listTags, readBlob, readManifest } from './repository.ts';
import type { Repository } from './repository.ts';
import { verifySignature } from './signatures.ts';

interface Tagged {
  version: Version;
}
type Connect = () => Promise<Repository>;

/** Pulls a chart of an OCI registry; see `pullChart`. */
export async function pullOciChart(options: PullOptions): Promise<PulledChart> {
  return withRepository(options, 'pull', options, async (connect) => {
    const resolved = isDigest(options.digest) ? undefined : await resolve(await connect(), options.version);
    const digest = resolved?.digest ?? (options.digest as Digest);
    const top = await readTopManifest(options, connect, digest);
    const signature = await signatureOf(options, connect, { digest, bytes: top });
    const manifest = await chartManifestIn(options, connect, top);
    const version = resolved?.version ?? (await pinnedVersion(options, connect, manifest, digest));
    const content = await pullLayer(options, connect, manifest.chart);
    if (signature)
      requireSameChart(await configurationOf(options, connect, manifest), requestedChart(options, version));
    const verified = signature ?? (await provenanceOf(options, connect, manifest, version));
    const { digest: chartDigest, mediaType } = manifest.chart;
    return { content, version, digest, chartDigest, mediaType, verified };
  });
}

async function signatureOf(
  options: PullOptions,
  connect: Connect,
  manifest: SignedManifest,
): Promise<VerifiedSignature | undefined> {
  const { verify } = options;
  return verify?.provider === 'Cosign' ? verifySignature(options, verify, connect, manifest) : undefined;
}

async function provenanceOf(
  options: PullOptions,
  connect: Connect,
  { chart, provenance }: ChartManifest,
  version: string,
): Promise<VerifiedSignature | undefined> {
  const { verify } = options;
  if (verify?.provider !== 'Helm') return undefined;
  if (provenance === undefined) throw withoutProvenance();
  const bytes = await readLayer(options, connect, provenance, limitsOf(options).signatureBytes);
  return verifyProvenance(verify.keys, bytes, { ...requestedChart(options, version), chartDigest: chart.digest });
}

/** Pulls the provenance file of an OCI chart; see `pullProvenance`. */
export async function pullOciProvenance(options: PullOptions): Promise<Buffer | undefined> {
  return withRepository(options, 'pull', options, async (connect) => {
    const pinned = isDigest(options.digest) ? options.digest : undefined;
    const digest = pinned ?? (await resolve(await connect(), options.version)).digest;
    const { provenance } = await chartManifestIn(options, connect, await readTopManifest(options, connect, digest));
    return provenance && readLayer(options, connect, provenance, limitsOf(options).signatureBytes);
  });
}

/** Resolves a version of an OCI chart; see `resolveChart`. */
export async function resolveOciChart(source: ChartSource & ConnectionOptions): Promise<ResolvedChart> {
  return withRepository(source, 'pull', source, async (connect) => resolve(await connect(), source.version));
}

/** Lists the versions of an OCI chart; see `listVersions`. As in Helm, tags that are not strict versions are left out. */
export async function listOciVersions(source: ChartSource & ConnectionOptions): Promise<string[]> {
  return withRepository(source, 'pull', source, async (connect) => {
    const versions = newestFirst(await taggedVersions(await connect()));
    return versions.map(({ version }) => version.original);
  });
}

async function resolve(repository: Repository, wanted: string | undefined): Promise<ResolvedChart> {
  const selector = selectorOf(wanted);
  if (selector.kind === 'range') {
    const { version } = pickNewest(await taggedVersions(repository), selector);
    const digest = await digestOfTag(repository, tagOfVersion(version.original));
    if (digest === undefined) throw versionNotFound(version.original, []);
    return { version: version.original, digest };
  }
  const tag = checkTag(tagOfVersion(selector.name), selector.name);
  const digest = await digestOfTag(repository, tag);
  if (digest === undefined) throw versionNotFound(selector.name, await taggedVersions(repository));
  return { version: selector.name, digest };
}

async function taggedVersions(repository: Repository): Promise<Tagged[]> {
  const tags = await listTags(repository);
  if (tags === undefined) {
    throw new RegistryError({
      code: 'NotFound',
      reason: 'the registry has no such repository, or shows it only to those with credentials for it',
      nextStep: 'check the registry and the name of the chart',
    });
  }
  const found: Tagged[] = [];
  for (const [index, tag] of tags.entries()) {
    if (index % TAGS_AT_ONCE === 0) await othersHaveRun();
    const version = asStrictVersion(versionOfTag(tag));
    if (version !== undefined) found.push({ version });
  }
  return found;
}

/** Tags that are read before others may run: a registry may name tens of thousands. */
const TAGS_AT_ONCE = 1_000;

async function readTopManifest(options: PullOptions, connect: Connect, digest: Digest): Promise<Buffer> {
  return readThrough(options, digest, async () => {
    const repository = await connect();
    return { bytes: await readPinned(repository, digest, options.version), session: repository.session };
  });
}

async function chartManifestIn(options: PullOptions, connect: Connect, bytes: Buffer): Promise<ChartManifest> {
  const manifest = parseManifest(bytes);
  return manifest.kind === 'manifest' ? manifest : readFromIndex(options, connect, manifest.candidates);
}

async function readFromIndex(options: PullOptions, connect: Connect, candidates: Descriptor[]): Promise<ChartManifest> {
  const charts: Buffer[] = [];
  for (const { digest } of candidates) {
    const bytes = await readThrough(options, digest, async () => {
      const repository = await connect();
      return { bytes: await readManifest(repository, digest), session: repository.session };
    });
    if (isChart(bytes)) charts.push(bytes);
  }
  const [only] = charts;
  const manifest = only === undefined || charts.length > 1 ? undefined : parseManifest(only);
  if (manifest?.kind === 'manifest') return manifest;
  const reason = `the index holds ${charts.length} Helm charts instead of one`;
  throw new RegistryError({ code: 'InvalidManifest', reason });
}

/** Names the current digest if the registry lacks the pinned one: the tag may have been pushed again since. */
async function readPinned(repository: Repository, digest: Digest, wanted: string | undefined): Promise<Buffer> {
  try {
    return await readManifest(repository, digest);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'NotFound') throw error;
    const current = await resolve(repository, wanted);
    throw new RegistryError({
      code: 'DigestMismatch',
      reason: `the registry does not have ${digest}; version ${current.version} has the digest ${current.digest}`,
      nextStep: 'pin that digest if the content was meant to change',
      cause: error,
    });
  }
}

/** The chart itself, which stays in the cache's file where there is one. */
async function pullLayer(options: PullOptions, connect: Connect, layer: Descriptor): Promise<Content> {
  checkSize(layer, limitsOf(options).chartBytes);
  const cached = await openCached(options, layer.digest);
  if (cached !== undefined) return cached;
  const { size, digest } = layer;
  const { content } = await downloaded(options, { max: size, exact: size }, async (sink) => {
    const repository = await connect();
    await downloadBlob(repository, layer, sink);
    return { digest, session: repository.session };
  });
  return content;
}

async function readLayer(options: PullOptions, connect: Connect, layer: Descriptor, limit: number): Promise<Buffer> {
  checkSize(layer, limit);
  return readThrough(options, layer.digest, async () => {
    const repository = await connect();
    return { bytes: await readBlob(repository, layer), session: repository.session };
  });
}

function checkSize({ digest, size }: Descriptor, limit: number): void {
  if (size <= limit) return;
  const reason = `${digest} has ${size} bytes, more than the limit of ${limit}`;
  throw new RegistryError({ code: 'TooLarge', reason });
}

/** The version of pinned content, as its manifest or the configuration in it says; it must be what was asked for. */
async function pinnedVersion(
  options: PullOptions,
  connect: Connect,
  manifest: ChartManifest,
  digest: Digest,
): Promise<string> {
  const selector = options.version === undefined ? undefined : selectorOf(options.version);
  const annotated = manifest.annotations['org.opencontainers.image.version'];
  // Without the annotation an exact version is believed: the configuration may not be cached, and pinned content has to suffice.
  if (typeof annotated !== 'string' && selector?.kind === 'exact') return selector.name;
  const version = typeof annotated === 'string' ? annotated : await configuredVersion(options, connect, manifest);
  if (selector === undefined || isSelected(selector, version)) return version;
  throw new RegistryError({
    code: 'DigestMismatch',
    reason: `${digest} is version ${version}, which is not ${options.version}`,
    nextStep: 'pin the digest of the version that is wanted',
  });
}

async function configuredVersion(options: PullOptions, connect: Connect, manifest: ChartManifest): Promise<string> {
  const { version } = await configurationOf(options, connect, manifest);
  if (typeof version === 'string') return version;
  throw new RegistryError({ code: 'InvalidManifest', reason: 'the configuration of the chart has no version' });
}

/** The content of Chart.yaml, which the manifest holds apart from the tarball. */
async function configurationOf(
  options: PullOptions,
  connect: Connect,
  { config }: ChartManifest,
): Promise<{ name: unknown; version: unknown }> {
  const bytes = await readLayer(options, connect, config, limitsOf(options).manifestBytes);
  const { name, version } = parseJsonObject(bytes, 'InvalidManifest', 'the configuration of the chart');
  return { name, version };
}
