import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../image/tar.ts';

/** The folder of the command as the archive that npm installs and that krew unpacks: the same files give the same bytes. */
export async function packCommand(folder: string): Promise<Buffer> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const entries = files.map(async (path) => ({
    kind: 'file' as const,
    path: join('package', path.slice(folder.length)),
    mode: /\/(kubectl[^/.]+|run\.mjs)$/.test(path) ? 0o755 : 0o644,
    content: await readFile(path),
  }));
  return gzipSync(tarOf(await Promise.all(entries)), { level: 9 });
}

/** The manifest by which krew installs the command from where its archive is kept. */
export function krewManifest({ version, url, sha256 }: { version: string; url: string; sha256: string }): object {
  return {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'release' },
    spec: {
      version: `v${version}`,
      shortDescription: 'Install, upgrade, watch and roll back charts kept by Coxswain',
      description:
        'kubectl release works with the Releases of Coxswain, a controller that keeps Helm charts in a cluster.',
      caveats: 'It needs Node 22.19 or newer on the PATH.\n',
      platforms: [
        {
          selector: { matchExpressions: [{ key: 'os', operator: 'In', values: ['darwin', 'linux'] }] },
          uri: url,
          sha256,
          bin: 'kubectl-release',
          files: [{ from: 'package/*', to: '.' }],
        },
      ],
    },
  };
}
