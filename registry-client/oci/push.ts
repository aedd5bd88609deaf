import { fieldsOf, writeJson } from '../../golang/json/index.ts';
import { digestOfBytes } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { RegistryError } from '../errors.ts';
import { withRetries } from '../http/retry.ts';
import { statusFailure } from '../http/status.ts';
import type { ConnectionOptions } from '../options.ts';
import { checkTag, parseRegistry, repositoryOf, tagOfVersion } from '../reference.ts';
import { annotationsOf } from './annotations.ts';
import type { ChartMetadata } from './annotations.ts';
import { withRepository } from './connect.ts';
import { CHART_TYPE, CONFIG_TYPE, MANIFEST_TYPE, PROVENANCE_TYPE, parseManifest } from './manifest.ts';
import { digestOfTag, readManifest, urlOf } from './repository.ts';
import type { Repository } from './repository.ts';
import { ensureBlob } from './upload.ts';
import type { Blob } from './upload.ts';

/** What `pushChart` takes besides the tarball. */
export interface PushOptions extends ConnectionOptions {
  /** `oci://host[:port]/space`; the chart's name and version are added, as `helm push` does. */
  registry: string;
  /** The content of the chart's Chart.yaml: it becomes the configuration and the annotations. */
  metadata: ChartMetadata;
  /** The content of the chart's `.prov` file. */
  provenance?: Uint8Array | undefined;
  /** When the chart was made; now by default. */
  created?: Date | undefined;
  /** What to do where the version exists with other content. */
  existing?: 'refuse' | 'replace' | undefined;
  /** Where the content is already; in the same registry it is mounted from there instead of sent. */
  mountFrom?: { registry: string; name: string } | undefined;
  /** The most that one request carries, 16 MiB by default; less is tried where the registry refuses that. */
  requestBytes?: number | undefined;
}

/** What `pushChart` left in the registry. */
export interface PushedChart {
  /** `unchanged` where the version was there already with the same content. */
  outcome: 'pushed' | 'unchanged';
  /** Of the manifest. */
  digest: Digest;
  /** Of the tarball. */
  chartDigest: Digest;
}

/** Pushes a chart to an OCI registry; see `pushChart`. */
export async function pushOciChart(chart: Uint8Array, options: PushOptions): Promise<PushedChart> {
  const { requestBytes, metadata } = options;
  const { name, version } = metadata;
  const tag = checkTag(tagOfVersion(version), version);
  const layers = [blobOf(CHART_TYPE, chart)];
  if (options.provenance !== undefined) layers.push(blobOf(PROVENANCE_TYPE, options.provenance));
  const mountable = mountableFor(options);
  return withRepository({ registry: options.registry, name, mountable }, 'pull,push', options, async (connect) => {
    const repository = await connect();
    const existing = await existingDigest(repository, tag, layers, options);
    if (existing !== undefined) return { outcome: 'unchanged', digest: existing, chartDigest: digestOfBytes(chart) };
    const config = blobOf(CONFIG_TYPE, Buffer.from(configOf(metadata)));
    for (const blob of [...layers, config]) await ensureBlob(repository, blob, { mountable, requestBytes });
    const manifest = manifestOf(config, layers, annotationsOf(metadata, options.created ?? new Date()));
    await putManifest(repository, tag, manifest);
    return { outcome: 'pushed', digest: digestOfBytes(manifest), chartDigest: digestOfBytes(chart) };
  });
}

function mountableFor({ registry, metadata, mountFrom }: PushOptions): string | undefined {
  if (mountFrom === undefined || !mountFrom.registry.startsWith('oci://')) return undefined;
  const [here, there] = [parseRegistry(registry), parseRegistry(mountFrom.registry)];
  const repository = repositoryOf(there, mountFrom.name);
  return here.host === there.host && repository !== repositoryOf(here, metadata.name) ? repository : undefined;
}

/** Returns the digest of the version where it exists with these layers; throws `VersionExists` where it has others. */
async function existingDigest(
  repository: Repository,
  tag: string,
  layers: Blob[],
  { existing = 'refuse', metadata }: PushOptions,
): Promise<Digest | undefined> {
  const digest = await digestOfTag(repository, tag);
  if (digest === undefined) return undefined;
  if (await hasLayers(repository, digest, layers)) return digest;
  if (existing === 'replace') return undefined;
  throw new RegistryError({
    code: 'VersionExists',
    reason: `version ${metadata.version} already exists with different content (${digest})`,
    nextStep: 'raise the version, or replace the content on purpose',
  });
}

async function hasLayers(repository: Repository, digest: Digest, layers: Blob[]): Promise<boolean> {
  try {
    const manifest = parseManifest(await readManifest(repository, digest));
    if (manifest.kind === 'index') return false;
    const [chart, provenance] = layers.map(({ descriptor }) => descriptor.digest);
    return manifest.chart.digest === chart && manifest.provenance?.digest === provenance;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'InvalidManifest') return false;
    throw error;
  }
}

async function putManifest(repository: Repository, tag: string, manifest: string): Promise<void> {
  const { session } = repository;
  const url = urlOf(repository, `manifests/${tag}`);
  await withRetries(session.retries, session.signal, async () => {
    const headers = { 'content-type': MANIFEST_TYPE };
    const response = await session.send({ method: 'PUT', url, headers, body: manifest });
    if (response.status !== 201) throw await statusFailure(session, response);
    response.drop();
    const stored = response.header('docker-content-digest');
    if (stored === undefined || stored === digestOfBytes(manifest)) return;
    const reason = `the registry stored the manifest as ${stored} instead of ${digestOfBytes(manifest)}`;
    throw new RegistryError({ code: 'DigestMismatch', reason });
  });
}

/** As Helm writes it: the fields of structs in their order, the keys of maps sorted as text. */
function configOf(metadata: ChartMetadata): string {
  const { maintainers, dependencies } = metadata;
  const structs = { maintainers: maintainers?.map(fieldsOf), dependencies: dependencies?.map(fieldsOf) };
  return writeJson(fieldsOf({ ...metadata, ...structs }));
}

/** As Helm writes it, which does not give its media type. */
function manifestOf(config: Blob, layers: Blob[], annotations: Record<string, string>): string {
  const sorted = layers.toSorted((a, b) => (a.descriptor.digest < b.descriptor.digest ? -1 : 1));
  return writeJson(
    fieldsOf({
      schemaVersion: 2,
      config: fieldsOf(config.descriptor),
      layers: sorted.map(({ descriptor }) => fieldsOf(descriptor)),
      annotations,
    }),
  );
}

function blobOf(mediaType: string, bytes: Uint8Array): Blob {
  return { descriptor: { mediaType, digest: digestOfBytes(bytes), size: bytes.length }, bytes };
}
