import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type ChartDependency, ChartError, type ChartMetadata, loadChart } from '../../../chart-renderer/index.ts';
import { isCompatibleRange } from '../../../golang/semver/index.ts';
import { INSTALLATION, type Setting } from './settings.ts';

/** A chart to load, and charts to add to its dependencies which its repository keeps elsewhere. */
export interface ChartSource {
  readonly path: string;
  /** The chart's files by name, where they stand nowhere. */
  readonly files?: Readonly<Record<string, string>>;
  readonly extras: readonly ChartSource[];
}

/** One chart with one set of values. */
export interface Case {
  /** The first folder below the corpus. */
  readonly repository: string;
  /** Such as `charts/app (ci/full-values.yaml)`. */
  readonly title: string;
  readonly chart: ChartSource;
  readonly valuesText: string;
  readonly setting: Setting;
}

interface KnownChart {
  readonly path: string;
  readonly metadata: ChartMetadata;
  /** Names and versions of what stands in its `charts/`. */
  readonly present: readonly ChartMetadata[];
}

const VALUES_FILES = ['ci/*values*.yaml', 'values-*.yaml'];

/** A case of its own, as a first installation. */
export function caseOf(chart: ChartSource, valuesText: string, title = ''): Case {
  return { repository: title, title, chart, valuesText, setting: INSTALLATION };
}

/** All charts below a directory, sorted, as first installations: each with its defaults and with each of its values files for tests. */
export async function findCases(root: string): Promise<Case[]> {
  const paths = await findCharts(root);
  const known = (await Promise.all(paths.map(describe))).filter((chart) => chart !== undefined);
  const byPath = new Map(known.map((chart) => [chart.path, chart]));
  const cases = await Promise.all(
    paths.map(async (path) => {
      const name = relative(root, path);
      const chart = sourceOf(path, byPath, known, new Set());
      const [repository = name] = name.split(sep);
      const title = name.slice(repository.length + 1) || repository;
      const files = path.endsWith('.tgz') ? [] : await matching(path, VALUES_FILES);
      const withFiles = files.map(async (file): Promise<Case> => {
        const valuesText = await readFile(join(path, file), 'utf8');
        return { repository, title: `${title} (${file})`, chart, valuesText, setting: INSTALLATION };
      });
      return [{ repository, title, chart, valuesText: '', setting: INSTALLATION }, ...(await Promise.all(withFiles))];
    }),
  );
  return cases.flat();
}

async function findCharts(root: string): Promise<string[]> {
  const directories = (await matching(root, ['**/Chart.yaml'])).map((file) => join(root, dirname(file)));
  const archives = (await matching(root, ['**/*.tgz'])).map((file) => join(root, file));
  const outside = archives.filter((archive) => !directories.some((directory) => archive.startsWith(directory + sep)));
  return [...directories, ...outside].sort();
}

async function matching(directory: string, patterns: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(patterns, { cwd: directory })) found.push(file);
  return found.sort();
}

/** Undefined for a chart that does not load: what both engines say of it is part of the comparison. */
async function describe(path: string): Promise<KnownChart | undefined> {
  try {
    const { metadata, dependencies } = await loadChart(path, { links: 'follow-all' });
    return { path, metadata, present: dependencies.map((dependency) => dependency.metadata) };
  } catch (error) {
    if (error instanceof ChartError) return undefined;
    throw error;
  }
}

function sourceOf(
  path: string,
  byPath: ReadonlyMap<string, KnownChart>,
  known: readonly KnownChart[],
  above: ReadonlySet<string>,
): ChartSource {
  const chart = byPath.get(path);
  if (chart === undefined || above.has(path)) return { path, extras: [] };
  const answers = (metadata: ChartMetadata, wanted: ChartDependency): boolean =>
    metadata.name === wanted.name && isCompatibleRange(wanted.version, metadata.version);
  const missing = chart.metadata.dependencies.filter(
    (wanted) => !chart.present.some((there) => answers(there, wanted)),
  );
  const found = missing.map((wanted) => known.find(({ metadata }) => answers(metadata, wanted))?.path);
  const within = new Set([...above, path]);
  const paths = [...new Set(found.filter((extra) => extra !== undefined))];
  return { path, extras: paths.map((extra) => sourceOf(extra, byPath, known, within)) };
}
