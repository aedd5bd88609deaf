import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { unpackedPackages } from './debian.ts';

/** Programs that are not built here: runc and nft, the folder of the CNI plugins, and where the libraries of nft are. */
export type SystemPrograms = {
  readonly runc: string;
  readonly nft: string;
  readonly plugins: string;
  /** In the form of LD_LIBRARY_PATH; empty where nft finds them by itself. */
  readonly libraries: string;
};

const PLUGINS = ['bridge', 'host-local', 'loopback'];
const PLUGIN_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni'];
const LIBRARIES = ['libseccomp2', 'libnftables1', 'libnftnl11', 'libxtables12', 'libmnl0', 'libjansson4', 'libgmp10'];
const LINE_EDITING = ['libedit2', 'libtinfo6', 'libbsd0', 'libmd0'];
const PACKAGES = ['runc', 'containernetworking-plugins', 'nftables', ...LIBRARIES, ...LINE_EDITING];

/** Finds them on this machine, else in packages of Debian that it fetches. Throws `MachineLacks` where those cannot be had. */
export async function findSystemPrograms(): Promise<SystemPrograms> {
  const runc = inPath('runc');
  const nft = inPath('nft');
  const plugins = PLUGIN_FOLDERS.find((folder) => PLUGINS.every((plugin) => existsSync(join(folder, plugin))));
  if (runc !== undefined && nft !== undefined && plugins !== undefined) return { runc, nft, plugins, libraries: '' };
  const root = await unpackedPackages(PACKAGES);
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const libraries = ['usr/lib', 'lib'].map((folder) => join(root, folder, triplet)).join(':');
  return {
    runc: join(root, 'usr', 'sbin', 'runc'),
    nft: join(root, 'usr', 'sbin', 'nft'),
    plugins: join(root, 'usr', 'lib', 'cni'),
    libraries,
  };
}

function inPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
