import { readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { architectureHere, layerOf, writeLayout } from '../../tools/image/layout.ts';
import type { TarEntry } from '../../tools/image/tar.ts';
import { unpackedPackages } from './machine/debian.ts';

const OF_THE_SERVER =
  'libc6 libgcc-s1 libstdc++6 libaio1 liburing2 libnuma1 libcrypt1 libssl3 libpcre2-8-0 zlib1g libzstd1 liblz4-1';
const OF_THE_CLIENT = 'libedit2 libbsd0 libmd0 libtinfo6 libncurses6';
const OF_BOTH = 'liblzma5 libsystemd0 libcap2 libgcrypt20 libgpg-error0';
const LIBRARIES = [OF_THE_SERVER, OF_THE_CLIENT, OF_BOTH].flatMap((names) => names.split(' '));
const WANTED =
  /^(lib64\/|(usr\/)?lib\/[^/]+-linux-gnu\/[^/]+\.so|usr\/sbin\/mariadbd$|usr\/bin\/mariadb(-dump)?$|usr\/share\/mysql\/([a-z_]+\.sql$|english\/|charsets\/))/;

/** Returns a folder with MariaDB and the libraries that it needs, of Debian. Throws `MachineLacks` where they cannot be had. */
export async function databasePackages(): Promise<string> {
  return unpackedPackages(['mariadb-server-core', 'mariadb-client-core', 'mariadb-client', ...LIBRARIES]);
}

/** Writes an image of MariaDB as an OCI layout; `program` is that of test/pods/database, and `cache` that of `layerOf`. */
export async function writeDatabaseImage(
  folder: string,
  packages: string,
  program: string,
  cache: string,
): Promise<void> {
  const layers = await Promise.all([
    layerOf(await entriesBelow(packages, ''), cache),
    layerOf([
      { kind: 'file', path: 'usr/bin/database', mode: 0o755, content: await readFile(program) },
      { kind: 'file', path: 'etc/passwd', mode: 0o644, content: Buffer.from('root:x:0:0:root:/:/none\n') },
      { kind: 'folder', path: 'tmp', mode: 0o1777 },
      { kind: 'folder', path: 'var/lib/mysql', mode: 0o755 },
    ]),
  ]);
  await writeLayout(folder, architectureHere(), layers, { Entrypoint: ['/usr/bin/database'], Env: ['PATH=/usr/bin'] });
}

async function entriesBelow(root: string, path: string): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const entry of await readdir(join(root, path), { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) entries.push(...(await entriesBelow(root, inner)));
    if (!WANTED.test(inner)) continue;
    if (entry.isSymbolicLink()) {
      entries.push({ kind: 'link', path: inner, mode: 0o777, target: await readlink(join(root, inner)) });
    }
    if (entry.isFile())
      entries.push({ kind: 'file', path: inner, mode: 0o755, content: await readFile(join(root, inner)) });
  }
  return entries;
}
