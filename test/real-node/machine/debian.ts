import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { cacheDirectory, withLock } from '../../control-plane/binaries/cache.ts';
import { withProgress } from '../../control-plane/binaries/progress.ts';
import { lastLine, runBounded, type Ended } from './bounded.ts';
import { MachineLacks } from './lacks.ts';

const TIMEOUT_MS = 120_000;

/**
 * Returns a folder into which these packages of Debian are unpacked, fetched once and then kept in the cache: nothing is installed, no script
 * of theirs runs, and the machine's own lists of packages stay as they are. Throws `MachineLacks` where they cannot be had.
 */
export async function unpackedPackages(names: readonly string[]): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const key = createHash('sha256')
    .update([process.arch, release, ...names].join('\0'))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheDirectory(), `debian-${key}`);
  if (existsSync(folder)) return folder;
  const tell = (pid: number): void => void process.stderr.write(`waiting for process ${pid}, which fetches packages\n`);
  await withLock(`${folder}.lock`, tell, async () => {
    if (!existsSync(folder)) await fetchInto(folder, names);
  });
  return folder;
}

async function fetchInto(folder: string, names: readonly string[]): Promise<void> {
  const staging = await mkdtemp(`${folder}-`);
  try {
    await withProgress(`fetching ${names.length} packages of Debian`, async (progress) => {
      const inStaging = (name: string): string => join(staging, name);
      for (const name of ['lists/partial', 'cache/archives/partial', 'packages', 'root']) {
        await mkdir(inStaging(name), { recursive: true });
      }
      progress.say('reading the lists of packages');
      // One list that cannot be had is no matter where the packages are in another.
      await apt(staging, ['update']);
      progress.say('fetching');
      done(
        await apt(staging, ['download', ...names]),
        `it needs ${names.slice(0, 3).join(', ')} or packages of Debian that have them`,
      );
      for (const file of await readdir(inStaging('packages'))) {
        const args = ['-x', join(inStaging('packages'), file), inStaging('root')];
        done(await runBounded('dpkg-deb', args, TIMEOUT_MS), `${file} cannot be unpacked`);
      }
    });
    await rename(join(staging, 'root'), folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function apt(staging: string, args: readonly string[]): Promise<Ended> {
  const options = [
    `Dir::State::Lists=${join(staging, 'lists')}`,
    `Dir::Cache=${join(staging, 'cache')}`,
    'APT::Sandbox::User=root',
    'Acquire::Retries=1',
    'Acquire::http::Timeout=20',
  ].map((option) => `--option=${option}`);
  const command = `cd '${join(staging, 'packages')}' && exec apt-get --quiet=2 "$@"`;
  return runBounded('sh', ['-c', command, 'sh', ...options, ...args], TIMEOUT_MS);
}

function done(ended: Ended, otherwise: string): void {
  if (ended.code !== 0) throw new MachineLacks(`${otherwise}: ${lastLine(ended.stderr)}`);
}
