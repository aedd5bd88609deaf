import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { tarOf, type TarEntry } from './tar.ts';

/** How a container of an image is started; the names are those of the OCI image format. */
export type ImageConfig = {
  readonly Entrypoint: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Labels?: Readonly<Record<string, string>>;
};

/** One layer of an image, compressed, with the digest of what it holds. */
export type Layer = { readonly compressed: Buffer; readonly diffId: string; readonly unpackedBytes: number };

/** What was written: the digest of the manifest, and the size of what a node pulls, in bytes. */
export type WrittenImage = {
  readonly digest: string;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
};

type Descriptor = { mediaType: string; digest: string; size: number };

const MEDIA = 'application/vnd.oci.image';
/** The beginning of 1970: an image's digest must not depend on the day it was made. */
const CREATED = '1970-01-01T00:00:00Z';

/**
 * Returns a layer of these entries; the same entries give the same bytes with the same version of Node. In `cache`, a folder, it keeps what it
 * compressed, since that takes long.
 */
export async function layerOf(entries: readonly TarEntry[], cache?: string): Promise<Layer> {
  const archive = tarOf(entries);
  const diffId = digestOf(archive);
  return { compressed: await compressed(archive, diffId, cache), diffId, unpackedBytes: archive.length };
}

async function compressed(archive: Buffer, diffId: string, cache: string | undefined): Promise<Buffer> {
  const compress = async (): Promise<Buffer> => promisify(gzip)(archive, { level: 6 });
  if (cache === undefined) return compress();
  const path = join(cache, `${diffId.replace('sha256:', '')}-${process.versions.zlib}.gz`);
  const known = await readFile(path).catch(() => undefined);
  if (known) return known;
  const made = await compress();
  await mkdir(cache, { recursive: true });
  await writeFile(`${path}.${process.pid}`, made);
  await rename(`${path}.${process.pid}`, path);
  return made;
}

/** An image for the machines of one architecture. */
export type Image = { readonly architecture: string; readonly layers: readonly Layer[] };

/** Writes an image as an OCI layout into `folder`, which is made anew, and returns what it is. */
export async function writeLayout(
  folder: string,
  architecture: string,
  layers: readonly Layer[],
  config: ImageConfig,
): Promise<WrittenImage> {
  return writeImages(folder, [{ architecture, layers }], config);
}

/** As writeLayout, of an image for several architectures: each node pulls its own, by the one digest of their index. */
export async function writeImages(
  folder: string,
  images: readonly [Image, ...Image[]],
  config: ImageConfig,
): Promise<WrittenImage> {
  const described = images.map((image) => manifestOf(image, config));
  const blobs = described.flatMap((each) => each.blobs);
  const manifests = described.map(({ manifest }) => manifest);
  const index = bytesOf({ schemaVersion: 2, mediaType: `${MEDIA}.index.v1+json`, manifests });
  const [only] = manifests;
  const entry = only !== undefined && manifests.length === 1 ? only : describe(`${MEDIA}.index.v1+json`, index);
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  for (const blob of manifests.length === 1 ? blobs : [...blobs, index]) {
    await writeFile(join(folder, 'blobs', 'sha256', digestOf(blob).slice('sha256:'.length)), blob);
  }
  await writeFile(join(folder, 'oci-layout'), bytesOf({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(folder, 'index.json'), bytesOf({ schemaVersion: 2, manifests: [entry] }));
  // Of one architecture: what a node pulls.
  const [first] = described;
  return {
    digest: entry.digest,
    compressedBytes: sum((first?.blobs ?? []).map(({ length }) => length)),
    unpackedBytes: sum(images[0].layers.map(({ unpackedBytes }) => unpackedBytes)),
  };
}

type Platform = { readonly architecture: string; readonly os: 'linux' };

/** The manifest of an image as an index names it, and all that it consists of. */
function manifestOf(
  { architecture, layers }: Image,
  config: ImageConfig,
): { manifest: Descriptor & { platform: Platform }; blobs: Buffer[] } {
  const configuration = bytesOf({
    architecture,
    os: 'linux',
    created: CREATED,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created: CREATED, created_by: 'coxswain' })),
  });
  const manifest = bytesOf({
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: describe(`${MEDIA}.config.v1+json`, configuration),
    layers: layers.map((layer) => describe(`${MEDIA}.layer.v1.tar+gzip`, layer.compressed)),
  });
  return {
    manifest: { ...describe(`${MEDIA}.manifest.v1+json`, manifest), platform: { architecture, os: 'linux' } },
    blobs: [...layers.map((layer) => layer.compressed), configuration, manifest],
  };
}

/** This machine's architecture, in the image format's word. */
export function architectureHere(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

function describe(mediaType: string, blob: Buffer): Descriptor {
  return { mediaType, digest: digestOf(blob), size: blob.length };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function bytesOf(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
