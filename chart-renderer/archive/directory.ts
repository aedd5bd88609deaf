import {
  closeSync,
  type Dirent,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { ChartError, messageOf } from '../errors.ts';
import type { LoadBudget } from './budget.ts';
import type { ChartFile } from './file.ts';
import { fileOf } from './file.ts';
import type { IgnoreRules } from './helmignore.ts';
import { parseIgnoreRules } from './helmignore.ts';

interface LinkRules {
  readonly root: string;
  readonly links: LinkPolicy;
}

interface Walk extends LinkRules {
  readonly ignores: IgnoreRules;
  readonly budget: LoadBudget;
  readonly files: ChartFile[];
  /** Where files are read to before their size is known. */
  readonly scratch: Buffer;
}

/** Which links are followed: those that stay inside the chart, all of them, as in Helm, or none. */
export type LinkPolicy = 'follow-inside' | 'follow-all' | 'refuse-links';

/** Most files of charts are smaller, and are read in one call. */
const SCRATCH_BYTES = 64 * 1024;

/** Links in a circle would make ever longer paths. */
const MAX_FOLDER_DEPTH = 64;

/**
 * The files of a chart's directory that its `.helmignore` leaves in, sorted by path. Links that the policy does not follow are
 * refused (`unsafe-path`), as are devices and sockets. Reads synchronously: a chart's many small files take several times as long
 * otherwise, and only the command line reads directories.
 */
export function readDirectory(path: string, budget: LoadBudget, links: LinkPolicy = 'follow-inside'): ChartFile[] {
  try {
    const root = resolve(path);
    const entries = entriesOf(root);
    const ignores = ignoreRulesOf({ root, links }, entries);
    const walk: Walk = { root, ignores, links, budget, files: [], scratch: Buffer.allocUnsafe(SCRATCH_BYTES) };
    for (const entry of entries) readEntry(walk, entry, '', 0);
    return walk.files;
  } catch (error) {
    if (error instanceof ChartError) throw error;
    throw new ChartError('Unreadable', `the chart at ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function ignoreRulesOf(rules: LinkRules, entries: readonly Dirent[]): IgnoreRules {
  const file = entries.find(({ name }) => name === '.helmignore');
  return parseIgnoreRules(file === undefined ? '' : readFileSync(targetOf(rules, file, file.name).location, 'utf8'));
}

function entriesOf(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readEntry(walk: Walk, entry: Dirent, folder: string, depth: number): void {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isSymbolicLink() && walk.links === 'refuse-links') return refuseLink(walk, path);
  const { location, kind } = targetOf(walk, entry, path);
  if (walk.ignores(path, kind.isDirectory() ? 'directory' : 'file')) return;
  walk.budget.takeEntry();
  if (kind.isDirectory()) {
    if (depth >= MAX_FOLDER_DEPTH) throw refused(path, `${path} is nested too deep`);
    for (const inner of entriesOf(location)) readEntry(walk, inner, path, depth + 1);
  } else if (kind.isFile()) walk.files.push(fileOf(path, readBounded(walk, location)));
  else throw refused(path, `cannot load irregular file ${path}: it is neither a file nor a directory`);
}

/** Where an entry's content is, and of what kind that is. */
function targetOf({ root, links }: LinkRules, entry: Dirent, path: string): { location: string; kind: Dirent | Stats } {
  // Both are clean paths: `join` would go through them character by character.
  if (!entry.isSymbolicLink()) return { location: `${root}${sep}${path}`, kind: entry };
  const location = resolveLink(root, path, links);
  return { location, kind: statSync(location) };
}

function refuseLink({ ignores }: Walk, path: string): void {
  if (ignores(path, 'file') || ignores(path, 'directory')) return;
  throw refused(
    path,
    `${path} is a link, which is not packaged: put what it points at in its place, or into .helmignore`,
  );
}

/** The file's content; its size is known to be allowed before more than a little is read. */
function readBounded({ budget, scratch }: Walk, location: string): Uint8Array {
  const descriptor = openSync(location, 'r');
  try {
    const started = readSync(descriptor, scratch, 0, scratch.length, 0);
    const isWhole = started < scratch.length;
    const size = isWhole ? started : fstatSync(descriptor).size;
    budget.takeFile(size);
    if (isWhole) return Buffer.from(scratch.subarray(0, size));
    const data = Buffer.allocUnsafe(size);
    return data.subarray(0, readSync(descriptor, data, 0, size, 0));
  } finally {
    closeSync(descriptor);
  }
}

function resolveLink(folder: string, path: string, links: LinkPolicy): string {
  const root = realpathSync(folder);
  const location = targetPath(join(root, path));
  if (links === 'follow-all' || location === root || location.startsWith(root + sep)) return location;
  throw refused(path, `the link ${path} leaves the chart's directory: copy what it points at into the chart`);
}

function targetPath(link: string): string {
  try {
    return realpathSync(link);
  } catch (error) {
    const why = `lstat ${missingPart(link)}: no such file or directory`;
    throw new ChartError('Unreadable', `error evaluating symlink ${link}: ${why}`, { cause: error });
  }
}

/** The first part of a link's target that does not exist. */
function missingPart(link: string): string {
  const parts = resolve(realpathSync(dirname(link)), readlinkSync(link)).split(sep);
  const present = parts.findIndex((_part, i) => i > 0 && !existsSync(parts.slice(0, i + 1).join(sep)));
  return parts.slice(0, present + 1).join(sep);
}

function refused(path: string, message: string): ChartError {
  return new ChartError('UnsafePath', message, { file: path });
}
