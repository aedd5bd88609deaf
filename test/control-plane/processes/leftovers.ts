import { execFile } from 'node:child_process';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { isAlive } from '../binaries/cache.ts';

/** How the name of a run directory starts; run directories stand in the system's temporary folder. */
export const RUN_DIRECTORY_PREFIX = 'coxswain-control-plane-';

/** A directory younger than this may be one whose supervisor has yet to record itself. */
const YOUNG_MS = 60_000;

/**
 * Removes the run directories whose supervisor is gone, and kills what is left of their processes: what remains when a
 * supervisor was itself killed. A process is killed only if its command line names the run directory.
 */
export async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir());
  for (const name of names.filter((candidate) => candidate.startsWith(RUN_DIRECTORY_PREFIX))) {
    await removeIfAbandoned(join(tmpdir(), name));
  }
}

async function removeIfAbandoned(directory: string): Promise<void> {
  const processes = await readFile(join(directory, 'processes'), 'utf8').catch(() => '');
  const pids = processes.split('\n').flatMap((line) => (line === '' ? [] : [Number.parseInt(line, 10)]));
  const [supervisor, ...components] = pids;
  const isInUse = supervisor === undefined ? await isYoung(directory) : await isRunningIn(supervisor, directory);
  if (isInUse) return;
  for (const pid of components) {
    if (await isRunningIn(pid, directory)) process.kill(pid, 'SIGKILL');
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** Tells whether a directory was made so lately that its owner may have yet to record itself. */
export async function isYoung(directory: string): Promise<boolean> {
  const info = await stat(directory).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs < YOUNG_MS;
}

/** Tells whether a process works in a directory: process ids are given out again, so the command line decides, which is to name it. */
export async function isRunningIn(pid: number, directory: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  return (await commandOf(pid)).includes(directory);
}

async function commandOf(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc;
  const run = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return run.stdout;
}
