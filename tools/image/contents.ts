import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { architectureHere } from './layout.ts';
import { exists, librariesOf, withNodeFor, type NodeFiles } from './node-files.ts';
import { bundlePrograms } from './programs.ts';
import type { TarEntry } from './tar.ts';

/** What is in the image besides Node, in the order in which it changes: the licenses of all packages, and the programs. */
export type Contents = { readonly licenses: readonly TarEntry[]; readonly programs: readonly TarEntry[] };

const HOME = 'coxswain';
const LICENSE = /^(licen[cs]e|notice|copying)[^/]*$/i;

/** The checkout that an image is made from, and the folder with the dashboard's page, which is left out if there is none. */
export type Sources = { readonly root: string; readonly page: string };

/** Returns what the image holds besides Node, which is the same for every architecture. */
export async function contentsOf({ root, page }: Sources): Promise<Contents> {
  return { licenses: await packageLicenses(root), programs: await ownEntries(root, page) };
}

/** Returns Node for an architecture, by default the one that runs this, with the libraries that it uses, and what a program without root needs. */
export async function nodeEntries(architecture = architectureHere()): Promise<TarEntry[]> {
  const files = await withNodeFor(architecture, async ({ program, libraries, licenses }) => [
    await fileEntry('usr/local/bin/node', program, 0o755),
    ...(await Promise.all(libraries.map(async ({ path, source }) => fileEntry(path, source, 0o755)))),
    ...(await licenseEntries(licenses)),
  ]);
  return [
    ...files,
    textEntry('etc/passwd', 'root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/tmp:/none\n'),
    textEntry('etc/group', 'root:x:0:\nnonroot:x:65532:\n'),
    textEntry('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    { kind: 'folder', path: 'tmp', mode: 0o1777 },
    { kind: 'folder', path: 'var/cache', mode: 0o755 },
  ];
}

/** Returns programs of this machine, by their paths in `/usr/bin`, with the libraries that they use here. */
export async function programEntries(names: readonly string[]): Promise<TarEntry[]> {
  const programs = names.map((name) => `/usr/bin/${name}`);
  const libraries = await Promise.all(programs.map(librariesOf));
  const paths = [...programs, ...new Set(libraries.flat())];
  return Promise.all(paths.map(async (path) => fileEntry(path.slice(1), path, 0o755)));
}

async function licenseEntries(licenses: NodeFiles['licenses']): Promise<TarEntry[]> {
  const found = Object.entries(licenses).map(async ([name, source]) =>
    (await exists(source)) ? [await fileEntry(`usr/share/doc/${name}/copyright`, source, 0o644)] : [],
  );
  return (await Promise.all(found)).flat();
}

type Lock = { packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }> };

/** The licenses of the packages that are not only for development, as package-lock.json has them. */
async function packageLicenses(root: string): Promise<TarEntry[]> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const folders = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path]) => path);
  const entries: TarEntry[] = [];
  for (const folder of folders) {
    if (packages[folder]?.optional === true && !(await exists(join(root, folder)))) continue;
    const names = (await readdir(join(root, folder))).filter((name) => LICENSE.test(name));
    const place = join('usr/share/doc', folder.replaceAll('node_modules/', ''));
    entries.push(
      ...(await Promise.all(names.map(async (name) => fileEntry(join(place, name), join(root, folder, name), 0o644)))),
    );
  }
  return entries;
}

/** The programs in a folder of their own, and the page beside it. */
async function ownEntries(root: string, page: string): Promise<TarEntry[]> {
  const beside = ['package.json', 'LICENSE'].map(async (name) => fileEntry(join(HOME, name), join(root, name), 0o644));
  const programs = (await bundlePrograms(root)).map(({ name, content }) =>
    contentEntry(`${HOME}/programs/${name}`, content),
  );
  const served = (await exists(page)) ? await filesBelow(page, `${HOME}/page`) : [];
  return [...(await Promise.all(beside)), ...programs, ...served];
}

/** The files below a folder, as files of the image's `path`. */
async function filesBelow(folder: string, path: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [source, inImage] = [join(folder, entry.name), `${path}/${entry.name}`];
    if (entry.isDirectory()) entries.push(...(await filesBelow(source, inImage)));
    if (entry.isFile()) entries.push(await fileEntry(inImage, source, 0o644));
  }
  return entries;
}

async function fileEntry(path: string, source: string, mode: number): Promise<TarEntry> {
  return { kind: 'file', path, mode, content: await readFile(source) };
}

function textEntry(path: string, text: string): TarEntry {
  return contentEntry(path, Buffer.from(text));
}

function contentEntry(path: string, content: Uint8Array): TarEntry {
  return { kind: 'file', path, mode: 0o644, content };
}
