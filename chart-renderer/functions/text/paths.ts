import { define } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';

/** `path.Clean`. */
function cleanPath(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else goUp(kept, rooted);
  }
  const cleaned = kept.join('/');
  return rooted ? `/${cleaned}` : cleaned || '.';
}

function goUp(kept: string[], rooted: boolean): void {
  if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
  else if (!rooted) kept.push('..');
}

function baseOf(path: string): string {
  if (path === '') return '.';
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function directoryOf(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1));
}

function extensionOf(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  return base.includes('.') ? base.slice(base.lastIndexOf('.')) : '';
}

const base = define(['string'], baseOf);
const dir = define(['string'], directoryOf);
const clean = define(['string'], cleanPath);
const ext = define(['string'], extensionOf);
const isAbs = define(['string'], (path) => path.startsWith('/'));

/** Sprig's functions on paths; those of the operating system are Unix's. */
export const pathFunctions: FunctionEntries = [
  ['base', base],
  ['dir', dir],
  ['clean', clean],
  ['ext', ext],
  ['isAbs', isAbs],
  ['osBase', base],
  ['osDir', dir],
  ['osClean', clean],
  ['osExt', ext],
  ['osIsAbs', isAbs],
];
