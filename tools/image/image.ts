import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { contentsOf, nodeEntries, type Sources } from './contents.ts';
import { architectureHere, layerOf, writeImages, type Image, type ImageConfig, type WrittenImage } from './layout.ts';

/** How the controller's container starts; deploy/Dockerfile says the same. */
export const CONTROLLER_CONFIG = {
  Entrypoint: ['node', 'programs/controller.mjs'],
  WorkingDir: '/coxswain',
  User: '65532:65532',
  Env: ['PATH=/usr/local/bin'],
} as const satisfies ImageConfig;

/**
 * Writes the controller's image as an OCI layout into `folder`, by default for machines like this one; what is not Node is the same on all.
 * `cache` is that of `layerOf`.
 */
export async function writeControllerImage(
  sources: Sources,
  folder: string,
  {
    cache,
    architectures = [architectureHere()],
  }: { cache?: string; architectures?: readonly [string, ...string[]] } = {},
): Promise<WrittenImage> {
  const { licenses, programs } = await contentsOf(sources);
  const own = await Promise.all([licenses, programs].map(async (each) => layerOf(each, cache)));
  const imageFor = async (architecture: string): Promise<Image> => ({
    architecture,
    layers: [await layerOf(await nodeEntries(architecture), cache), ...own],
  });
  const [first, ...others] = architectures;
  const images: [Image, ...Image[]] = [await imageFor(first)];
  for (const architecture of others) images.push(await imageFor(architecture));
  const { version, license } = JSON.parse(await readFile(join(sources.root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const Labels = {
    'org.opencontainers.image.title': 'coxswain',
    'org.opencontainers.image.version': version ?? '',
    'org.opencontainers.image.licenses': license ?? '',
  };
  return writeImages(folder, images, { ...CONTROLLER_CONFIG, Labels });
}

/** Writes the same files into a folder, for deploy/Dockerfile. */
export async function writeControllerFiles(sources: Sources, folder: string): Promise<void> {
  const { licenses, programs } = await contentsOf(sources);
  for (const entry of [...(await nodeEntries()), ...licenses, ...programs]) {
    const path = join(folder, entry.path);
    await mkdir(entry.kind === 'folder' ? path : dirname(path), { recursive: true });
    if (entry.kind === 'file') await writeFile(path, entry.content);
    if (entry.kind === 'link') await symlink(entry.target, path);
    else await chmod(path, entry.mode);
  }
}
