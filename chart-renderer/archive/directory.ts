import {
  closeSync,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
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

/** Links in a circle would make ever longer paths. */
const MAX_FOLDER_DEPTH = 64;

/**
 * The files of a chart's directory that its `.helmignore` leaves in, sorted by path. Links inside the chart are followed as by
 * Helm; one that leaves it is refused (`unsafe-path`), as are devices and sockets. Reads synchronously: a chart's many small files
 * take several times as long otherwise, and directories are read by people's commands only.
 */
export function readDirectory(path: string, budget: LoadBudget): ChartFile[] {
  try {
    const root = realpathSync(path);
    const entries = entriesOf(root);
    const ignoreFile = entries.some(({ name }) => name === '.helmignore')
      ? resolveInside(root, '.helmignore')
      : undefined;
    const ignores = parseIgnoreRules(ignoreFile === undefined ? '' : readFileSync(ignoreFile, 'utf8'));
    const walk: Walk = { root, ignores, budget, files: [] };
    for (const entry of entries) readEntry(walk, entry, '', 0);
    return walk.files;
  } catch (error) {
    if (error instanceof ChartError) throw error;
    throw new ChartError('unreadable', `the chart at ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function entriesOf(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readEntry(walk: Walk, entry: Dirent, folder: string, depth: number): void {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  const isLink = entry.isSymbolicLink();
  const location = isLink ? resolveInside(walk.root, path) : join(walk.root, path);
  const kind = isLink ? statSync(location) : entry;
  if (walk.ignores(path, kind.isDirectory() ? 'directory' : 'file')) return;
  walk.budget.takeEntry();
  if (kind.isDirectory()) {
    if (depth >= MAX_FOLDER_DEPTH) throw refused(path, `${path} is nested too deep`);
    for (const inner of entriesOf(location)) readEntry(walk, inner, path, depth + 1);
  } else if (kind.isFile()) walk.files.push(fileOf(path, readBounded(walk, path, location)));
  else throw refused(path, `cannot load irregular file ${path}: it is neither a file nor a directory`);
}

/** The file's content; its size is known to be allowed before it is read. */
function readBounded({ budget }: Walk, path: string, location: string): Uint8Array {
  const descriptor = openSync(location, 'r');
  try {
    const { size } = fstatSync(descriptor);
    budget.takeFile(path, size);
    const data = Buffer.allocUnsafe(size);
    return data.subarray(0, readSync(descriptor, data));
  } finally {
    closeSync(descriptor);
  }
}

function resolveInside(root: string, path: string): string {
  const location = realpathSync(join(root, path));
  if (location === root || location.startsWith(root + sep)) return location;
  throw refused(path, `the link ${path} leaves the chart's directory: copy what it points at into the chart`);
}

function refused(path: string, message: string): ChartError {
  return new ChartError('unsafe-path', message, { file: path });
}
