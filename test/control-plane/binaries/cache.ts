import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Returns the folder for what is built once for all checkouts: `$XDG_CACHE_HOME/coxswain`, else `~/.cache/coxswain`. */
export function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'coxswain');
}

/**
 * Runs `action` while no other process holds the lock file `path`; a lock whose process is gone is taken over. `onWait` is
 * called about every ten seconds with the holder's process id. It spares work and is no guard of correctness: two processes
 * that take over one dead lock at the same instant may both run.
 */
export async function withLock<T>(path: string, onWait: (pid: number) => void, action: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 0; !(await tryLock(path)); attempt++) {
    const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
    if (holder !== 0 && !isAlive(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (holder !== 0 && attempt % 20 === 0) onWait(holder);
    await delay(500);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

/** Tells whether a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A link appears with its content, so that no reader ever sees a lock without a process id. */
async function tryLock(path: string): Promise<boolean> {
  const candidate = `${path}.${process.pid}`;
  await writeFile(candidate, String(process.pid));
  try {
    await link(candidate, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(candidate, { force: true });
  }
}
