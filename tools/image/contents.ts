import { execFile } from 'node:child_process';
import { access, readFile, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import type { TarEntry } from './tar.ts';

/** What is in the image, in the order in which it changes: Node with its libraries, the packages, and what `make build` compiled. */
export type Contents = {
  readonly node: readonly TarEntry[];
  readonly packages: readonly TarEntry[];
  readonly compiled: readonly TarEntry[];
};

const HOME = 'coxswain';
/** Types, maps, texts, and what other runtimes load: Node reads none of it. Licenses stay. */
const UNREAD = /\.(d\.[cm]?ts|[cm]?ts|map|md|markdown|flow|bare)$|(^|\/)\.[^/]+$/i;
const LICENSE = /licen[cs]e|notice|copying/i;
const isRead = (path: string): boolean => LICENSE.test(path) || !UNREAD.test(path);

/** The checkout that an image is made from, and the folder into which it was compiled. */
export type Sources = { readonly root: string; readonly dist: string };

/** Returns what an image holds, with the Node that runs this and the libraries that it uses here. */
export async function contentsOf({ root, dist }: Sources): Promise<Contents> {
  return {
    node: await nodeEntries(),
    packages: await packageEntries(root),
    compiled: await compiledEntries(root, dist),
  };
}

/** Returns Node, which runs this, with the libraries that it uses here, and what a program without root needs in an image. */
export async function nodeEntries(): Promise<TarEntry[]> {
  const program = await realpath(process.execPath);
  const licenses = await licenseEntries(program);
  const libraries = (await librariesOf(program)).map(async (path) => fileEntry(path.slice(1), path, 0o755));
  return [
    await fileEntry('usr/local/bin/node', program, 0o755),
    ...(await Promise.all(libraries)),
    ...licenses,
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

/** The libraries that a program is linked with, the loader among them, by the paths at which the loader looks for them. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [program]);
  const paths = [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path]) => path ?? '');
  if (paths.length === 0) throw new Error(`ldd names no library of ${program}: ${stdout}`);
  return paths;
}

/** The license of Node and, where Debian's packages leave them here, those of the libraries. */
async function licenseEntries(program: string): Promise<TarEntry[]> {
  const sources = {
    node: join(dirname(program), '..', 'LICENSE'),
    libc6: '/usr/share/doc/libc6/copyright',
    'libgcc-s1': '/usr/share/doc/libgcc-s1/copyright',
    'libstdc++6': '/usr/share/doc/libstdc++6/copyright',
  };
  const found = Object.entries(sources).map(async ([name, source]) =>
    (await exists(source)) ? [await fileEntry(`usr/share/doc/${name}/copyright`, source, 0o644)] : [],
  );
  return (await Promise.all(found)).flat();
}

type Lock = { packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }> };

/** The packages that are not only for development, as package-lock.json has them. */
async function packageEntries(root: string): Promise<TarEntry[]> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const folders = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path]) => path);
  const entries: TarEntry[] = [];
  for (const folder of folders) {
    if (packages[folder]?.optional === true && !(await exists(join(root, folder)))) continue;
    entries.push(...(await filesBelow(join(root, folder), folder, isRead)));
  }
  return entries;
}

async function compiledEntries(root: string, dist: string): Promise<TarEntry[]> {
  const config = JSON.parse(await readFile(join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] };
  const isProgram = (path: string): boolean => path.endsWith('.js');
  const folders = config.include.map(async (folder) => filesBelow(join(dist, folder), `dist/${folder}`, isProgram));
  const beside = ['package.json', 'LICENSE'].map(async (name) => fileEntry(join(HOME, name), join(root, name), 0o644));
  // What the dashboard serves is built beside what is compiled: see the Makefile.
  const page = join(dist, 'dashboard', 'page');
  const served = (await exists(page)) ? await filesBelow(page, 'dist/dashboard/page', () => true) : [];
  return [...(await Promise.all(beside)), ...(await Promise.all(folders)).flat(), ...served];
}

/** The files below a folder, as files of the image's `path`, without packages in it, which have lines of their own in package-lock.json. */
async function filesBelow(folder: string, path: string, isWanted: (path: string) => boolean): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [source, inImage] = [join(folder, entry.name), `${path}/${entry.name}`];
    if (entry.isDirectory() && entry.name !== 'node_modules')
      entries.push(...(await filesBelow(source, inImage, isWanted)));
    if (entry.isFile() && isWanted(inImage)) entries.push(await fileEntry(`${HOME}/${inImage}`, source, 0o644));
  }
  return entries;
}

async function fileEntry(path: string, source: string, mode: number): Promise<TarEntry> {
  return { kind: 'file', path, mode, content: await readFile(source) };
}

function textEntry(path: string, text: string): TarEntry {
  return { kind: 'file', path, mode: 0o644, content: Buffer.from(text) };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
