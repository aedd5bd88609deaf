import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The cgroup hierarchies that a node puts its pods in; runc makes folders in `unified` too. */
export const CONTROLLERS = [
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'blkio',
  'pids',
  'systemd',
  'unified',
] as const;

/** Those in which the node's own programs are. */
const OF_PROGRAMS = ['cpu', 'cpuacct', 'memory', 'pids'] as const;
const ROOT = '/sys/fs/cgroup';
const REMOVE_ATTEMPTS = 50;

/** Makes a group of that name in each hierarchy, and one within it for the node's programs. */
export async function makeGroups(group: string): Promise<void> {
  for (const controller of CONTROLLERS) await mkdir(join(ROOT, controller, group, 'runtime'), { recursive: true });
  // Nothing can be put into a cpuset before it has these.
  for (const folder of [group, join(group, 'runtime')]) {
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      await writeFile(join(ROOT, 'cpuset', folder, file), await readFile(join(ROOT, 'cpuset', file)));
    }
  }
}

/** Returns the command line that runs a program in the group of the node's programs. */
export function inRuntimeGroup(group: string, program: readonly string[]): readonly [string, ...string[]] {
  const files = OF_PROGRAMS.map((controller) => join(ROOT, controller, group, 'runtime', 'cgroup.procs'));
  return ['/bin/sh', '-ec', `for f in ${files.join(' ')}; do echo $$ > $f; done; exec "$@"`, 'sh', ...program];
}

/** Removes the groups of that name, with those within them; a process that has been killed may hold one for a moment. */
export async function removeGroups(group: string): Promise<void> {
  for (const controller of CONTROLLERS) await removeTree(join(ROOT, controller, group));
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  for (let attempt = 1; ; attempt++) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY' || attempt === REMOVE_ATTEMPTS) throw error;
      await delay(100);
    }
  }
}
