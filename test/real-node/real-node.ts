import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ensureBinaries } from '../control-plane/binaries/binaries.ts';
import { ControlPlaneError } from '../control-plane/errors.ts';
import { NODE_BINARY_NAMES } from '../control-plane/binaries/tools.ts';
import { ensureStages } from '../control-plane/binaries/binaries.ts';
import { BINARY_NAMES } from '../control-plane/index.ts';
import { databasePackages } from './database.ts';
import { writeImages } from './images.ts';
import { checkMachine, probeKernel } from './machine/machine.ts';
import { MachineLacks } from './machine/lacks.ts';
import { findSystemPrograms } from './machine/system-programs.ts';
import type { DatabasePackages, Plan } from './node/start.ts';
import { groupOf, makeRunDirectory, removeAbandonedRuns, removeRun } from './runs.ts';

/** What a run needs that is the same for every run. */
export type Parts = Pick<Plan, 'binaries' | 'programs' | 'database'>;

/** How Go says that its module proxy cannot be reached. */
const UNREACHABLE =
  /dial tcp|i\/o timeout|no such host|connection re(fused|set)|TLS handshake timeout|network is unreachable/;

/**
 * Finds, fetches and builds all that a real node consists of. Throws `MachineLacks` where this machine cannot run one, with the reason;
 * whatever else it throws is a fault.
 */
export async function prepareParts(): Promise<Parts> {
  await checkMachine();
  const programs = await findSystemPrograms();
  await probeKernel(programs);
  try {
    await ensureStages();
    return {
      programs,
      database: await findDatabase(),
      binaries: await ensureBinaries([...BINARY_NAMES, ...NODE_BINARY_NAMES]),
    };
  } catch (error) {
    const isLack =
      error instanceof ControlPlaneError && (error.code === 'GoMissing' || UNREACHABLE.test(error.message));
    throw isLack ? new MachineLacks(error.message, { cause: error }) : error;
  }
}

async function findDatabase(): Promise<DatabasePackages> {
  try {
    return { folder: await databasePackages() };
  } catch (error) {
    if (error instanceof MachineLacks) return { lack: error.message };
    throw error;
  }
}

/**
 * Starts a control plane and one real node in namespaces of their own, runs a command in them, and resolves with its exit code when all of
 * it has ended and is removed. It ends with this process, however that ends, and earlier where `signal` aborts.
 */
export async function runOnRealNode(parts: Parts, command: readonly string[], signal?: AbortSignal): Promise<number> {
  await removeAbandonedRuns();
  const directory = await makeRunDirectory();
  try {
    const images = await writeImages(join(directory, 'images'), parts.binaries);
    const plan: Plan = { ...parts, directory, group: groupOf(directory), images, command };
    const file = join(directory, 'plan.json');
    await writeFile(file, JSON.stringify(plan));
    const modules = [
      join(import.meta.dirname, 'keeper.ts'),
      directory,
      process.execPath,
      join(import.meta.dirname, 'inside.ts'),
    ];
    const keeper = spawn(process.execPath, [...modules, file], {
      // In a session of its own a Ctrl-C in the terminal does not reach it.
      detached: true,
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    });
    signal?.addEventListener('abort', () => keeper.stdin.end());
    if (signal?.aborted === true) keeper.stdin.end();
    const [code] = (await once(keeper, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    // The keeper did this, unless it was killed.
    await removeRun(directory);
  }
}

/** Returns the process id, outside the namespaces of a run, of their process 1. */
export async function initOf(directory: string): Promise<number> {
  const unshare = (await readFile(join(directory, 'unshare'), 'utf8')).trim();
  const children = await readFile(`/proc/${unshare}/task/${unshare}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}
