import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ChartError, messageOf } from '../errors.ts';
import type { LoadBudget } from './budget.ts';
import type { ChartFile } from './file.ts';
import { fileOf } from './file.ts';
import type { IgnoreRules } from './helmignore.ts';
import { parseIgnoreRules } from './helmignore.ts';

interface Walk {
  readonly root: string;
  readonly ignores: IgnoreRules;
  readonly budget: LoadBudget;
  readonly files: ChartFile[];
}

/**
 * The files of a chart's directory that its `.helmignore` leaves in, sorted by path. Links inside the chart are followed as by
 * Helm; one that leaves it is refused (`unsafe-path`), as are devices and sockets.
 */
export async function readDirectory(path: string, budget: LoadBudget): Promise<ChartFile[]> {
  try {
    const root = await realpath(path);
    const ignores = parseIgnoreRules(await readIgnoreFile(root));
    const walk: Walk = { root, ignores, budget, files: [] };
    await readFolder(walk, '', 0);
    return walk.files;
  } catch (error) {
    if (error instanceof ChartError) throw error;
    throw new ChartError('unreadable', `the chart at ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function readIgnoreFile(root: string): Promise<string> {
  const names = await readdir(root);
  if (!names.includes('.helmignore')) return '';
  await resolveInside(root, '.helmignore');
  return readFile(join(root, '.helmignore'), 'utf8');
}

async function readFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  walk.budget.checkDepth(depth / 2);
  const names = (await readdir(join(walk.root, folder))).sort();
  for (const name of names) {
    const path = folder === '' ? name : `${folder}/${name}`;
    await readPath(walk, path, depth);
  }
}

async function readPath(walk: Walk, path: string, depth: number): Promise<void> {
  const location = await resolveInside(walk.root, path);
  const info = await stat(location);
  if (walk.ignores(path, info.isDirectory() ? 'directory' : 'file')) return;
  walk.budget.takeEntry();
  if (info.isDirectory()) return readFolder(walk, path, depth + 1);
  if (!info.isFile()) {
    throw new ChartError('unsafe-path', `cannot load irregular file ${path}: it is neither a file nor a directory`, {
      file: path,
    });
  }
  walk.budget.takeFile(path, info.size);
  walk.files.push(fileOf(path, await readFile(location)));
}

async function resolveInside(root: string, path: string): Promise<string> {
  const location = await realpath(join(root, path));
  if (location === root || location.startsWith(root + sep)) return location;
  throw new ChartError(
    'unsafe-path',
    `the link ${path} leaves the chart's directory: copy what it points at into the chart`,
    {
      file: path,
    },
  );
}
