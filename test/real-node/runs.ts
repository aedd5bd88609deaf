import { mkdtemp, readFile, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { isRunningIn, isYoung } from '../control-plane/processes/leftovers.ts';
import { removeGroups } from './machine/groups.ts';

const PREFIX = 'coxswain-real-node-';

/** The file of a run directory that has the process id of its keeper. */
export const KEEPER_FILE = 'keeper';

/** The file that has the id, outside the namespaces, of the process whose child is their process 1. */
export const UNSHARE_FILE = 'unshare';

/** Makes a run directory; its name is that of the run's cgroups too. */
export async function makeRunDirectory(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), PREFIX)));
}

/** The name of a run's cgroups. */
export function groupOf(directory: string): string {
  return basename(directory);
}

/** Removes what is left of a run whose processes have been killed. */
export async function removeRun(directory: string): Promise<void> {
  await removeGroups(groupOf(directory));
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Removes the runs whose keeper is gone; all their processes and mounts went with it. */
export async function removeAbandonedRuns(): Promise<void> {
  for (const directory of await runDirectories()) {
    const isInUse = (await isKept(directory)) || (await isYoungAndUnclaimed(directory));
    if (!isInUse) await removeRun(directory);
  }
}

/** Returns the directory of a run under way, or undefined where there is none. */
export async function findRun(): Promise<string | undefined> {
  for (const directory of await runDirectories()) if (await isKept(directory)) return directory;
  return undefined;
}

/** Returns the run directories in a folder, abandoned or not. */
export async function runDirectories(folder = tmpdir()): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.startsWith(PREFIX)).map((name) => join(folder, name));
}

async function keeperOf(directory: string): Promise<number> {
  return Number(await readFile(join(directory, KEEPER_FILE), 'utf8').catch(() => '0'));
}

async function isKept(directory: string): Promise<boolean> {
  const keeper = await keeperOf(directory);
  return keeper > 0 && (await isRunningIn(keeper, directory));
}

async function isYoungAndUnclaimed(directory: string): Promise<boolean> {
  return (await keeperOf(directory)) === 0 && (await isYoung(directory));
}
