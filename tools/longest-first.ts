import { statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What Jest knows of a test file before it runs it. */
type TestFile = { readonly path: string };

const TESTS = join(import.meta.dirname, '..', 'test');

/**
 * The files under test/ that take longest, nearly the longest first: one of them that is begun last is run while the other workers have nothing
 * to do. Those that compute all the time stand between those that wait. A file that is missing here costs no more than time.
 */
export const LONGEST: readonly string[] = [
  'cluster/releases/crashes/recreate.test.ts',
  'cluster/releases/crashes/restart.test.ts',
  'cluster/releases/charts/silent-registry.test.ts',
  'cluster/releases/failure/on-failure.test.ts',
  'cluster/releases/hooks/tests.test.ts',
  'cluster/releases/limits/memory.test.ts',
  'cluster/releases/limits/large-at-once.test.ts',
  'cluster/releases/versions/generated-values.test.ts',
  'cluster/releases/hooks/hook-failures.test.ts',
  'cluster/releases/crashes/write-failures.test.ts',
  'conformance/registry-client/interoperability.test.ts',
  'cluster/releases/crashes/colours.test.ts',
  'browser/pages.test.ts',
  'conformance/cli/template.test.ts',
  'cluster/cli/adopt.test.ts',
  'cluster/releases/versions/cluster-changes.test.ts',
  'cluster/releases/applying/unserved.test.ts',
  'cluster/releases/applying/immutable-fields.test.ts',
];

/** Where the others are: stories last, the smallest at the very end, since those are what a slow machine may have no time for. */
const FOLDERS = ['unit', 'hostile', 'conformance', 'browser', 'cluster'];

/** An order of test files for a run of all of them from a clean clone, where Jest does not know yet how long each takes. */
export default class LongestFirst {
  /** Jest's contract: the files in the order in which workers are to take them. */
  sort<T extends TestFile>(files: readonly T[]): T[] {
    return files
      .map((file) => ({ file, place: placeOf(file), size: statSync(file.path).size }))
      .toSorted((a, b) => a.place - b.place || b.size - a.size)
      .map(({ file }) => file);
  }

  /** Jest's contract for --onlyFailures, of which nothing is remembered. */
  allFailedTests<T extends TestFile>(files: readonly T[]): readonly T[] {
    return files;
  }

  /** Jest's contract: nothing of a run is kept for the next. */
  cacheResults(): void {}
}

function placeOf({ path }: TestFile): number {
  const parts = relative(TESTS, path).split(sep);
  const place = LONGEST.indexOf(parts.join('/'));
  if (place >= 0) return place;
  const folder = FOLDERS.indexOf(parts[0] ?? '');
  return LONGEST.length + (folder < 0 ? FOLDERS.length : folder);
}
