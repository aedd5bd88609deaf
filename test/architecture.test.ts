import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HOMES, IN_PACKAGES, MAY_IMPORT, ROOMS } from './support/arrows.ts';

const root = join(import.meta.dirname, '..');

/** The steps of a pass: each hands on nearly all services of its room. Other functions name those that they use. */
const STEPS = [
  'work',
  'reconcile',
  'reconcileExisting',
  'reconcileDeleted',
  'deployVersion',
  'deployChosen',
  'approvedChoice',
  'holdingPrevious',
  'chooseVersion',
  'choiceFor',
  'recordNewVersion',
  'useRecordedVersion',
  'deploy',
  'hold',
  'holdRefused',
  'uninstall',
];

/** What is hostile there is inside one text, or a list of thousands of them: see `cpuMs`. */
const MEASURED: ReadonlySet<string> = new Set(
  [
    'chart-renderer/archive/archive',
    'chart-renderer/archive/path-pattern',
    'chart-renderer/functions/limits',
    'chart-renderer/manifest/split',
    'chart-renderer/render',
    'golang/cel/cel',
    'golang/jsonschema/compile',
    'golang/semver/documented',
    'golang/semver/semver',
    'golang/template/limits',
    'golang/toml/hostile',
    'golang/yaml/hostile',
    'registry-client/classic/index-file',
    'registry-client/verify/provenance',
    'resources/plain-text',
    'resources/plan/object-order',
  ].map((name) => `test/unit/${name}.test.ts`),
);

const BANNED_NAMES = /^(utils?|helpers?|common|misc)\.tsx?$/;
const MAX_LINES = 300;
/** A folder of more files wants sub-folders. */
const MAX_FILES = 14;

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => /\.tsx?$/.test(path) && statSync(join(root, path)).isFile());
}

const sources = Object.keys(MAY_IMPORT).flatMap((folder) => filesBelow(folder));
const everything = [...sources, ...['test', 'bench', 'tools', 'examples'].flatMap((folder) => filesBelow(folder))];

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const statements = /^(?:import|export|\}).*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(statements)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');
}

/** What is read by an index or a key may not be there: `as` would only hide it. What is read by a name is of JSON. */
const CAST_OF_ACCESS = /(?:\w\[(?!['"])[^\]]+\]|\.(?:get|at|pop|shift|find)\([^()]*\))\)? as (?!const\b|unknown\b|\()/;

describe('imports', () => {
  test('follow the arrows between folders, through the target index', () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => normalize(join(dirname(path), specifier)))
        .filter((target) => !isAllowed(path, target))
        .map((target) => `${path} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('follow the arrows between the rooms of a folder', () => {
    const wrong = Object.entries(ROOMS).flatMap(([folder, rooms]) => wrongBetweenRooms(folder, rooms));
    expect(wrong).toEqual([]);
  });

  test('have arrows that form no circle', () => {
    const circles = [MAY_IMPORT, ...Object.values(ROOMS)].flatMap(inCircles);
    expect(circles).toEqual([]);
  });

  test('of third-party packages appear only in the package’s home', () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .filter((specifier) => !homesOf(specifier).some((home) => path.startsWith(home)))
        .map((specifier) => `${path} -> ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  test('are short, and have kebab-case names that say what they hold', () => {
    const named = everything.filter((path) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.tsx?$/.test(basename(path)));
    const vague = everything.filter((path) => BANNED_NAMES.test(basename(path)));
    const long = everything.filter((path) => linesOf(path) > MAX_LINES);
    expect({ named, vague, long }).toEqual({ named: [], vague: [], long: [] });
  });

  test('are few per folder', () => {
    const folders = Map.groupBy(everything, dirname);
    const crowded = [...folders].filter(([, paths]) => paths.length > MAX_FILES).map(([folder]) => folder);
    expect(crowded).toEqual([]);
  });

  test('of the controller take no more services than they use', () => {
    const takesAll = /function (\w+)\([^)]*?: (?:Version|Deploy|Approval|Reconcile)Services\b/g;
    const texts = filesBelow('controller').map((path) => readFileSync(join(root, path), 'utf8'));
    const taking = texts.flatMap((text) => [...text.matchAll(takesAll)].map(([, name]) => name));
    expect(new Set(taking)).toEqual(new Set(STEPS));
  });

  test('check what reading from a list or a map returns, instead of casting it', () => {
    const casts = sources.flatMap((path) => {
      const lines = readFileSync(join(root, path), 'utf8').split('\n');
      return lines.filter((line) => CAST_OF_ACCESS.test(line)).map((line) => `${path}: ${line.trim()}`);
    });
    expect(casts).toEqual([]);
  });

  test('keep what is private by `#`; only a constructor can be `private`', () => {
    const open = everything.filter((path) =>
      /^\s*private (?!constructor)/m.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(open).toEqual([]);
  });

  test('named index.ts hold exports only, under a comment that says what the folder does', () => {
    // What runs in a browser is imported by nothing.
    const folders = Object.keys(MAY_IMPORT).filter((folder) => folder !== 'dashboard/page');
    const indexes = folders.map((folder) => join(folder, 'index.ts'));
    for (const path of indexes) {
      const text = readFileSync(join(root, path), 'utf8');
      expect({ path, opens: /^\/\/ .+\n\/\/ .+\n/.test(text) }).toEqual({ path, opens: true });
      const rest = text.replace(/^\s*\/\/.*$/gm, '').replace(/export\s[^;]*;/g, '');
      expect({ path, rest: rest.trim() }).toEqual({ path, rest: '' });
    }
  });
});

test('only tests of hostile texts measure CPU time', () => {
  const tests = filesBelow('test').filter((path) => path.endsWith('.test.ts') && path !== 'test/architecture.test.ts');
  const measuring = tests.filter((path) => /\bcpuMs\(|\bcpuUsage\(/.test(readFileSync(join(root, path), 'utf8')));
  expect(measuring).toEqual(expect.arrayContaining([...MEASURED]));
  expect(measuring.filter((path) => !MEASURED.has(path))).toEqual([]);
});

test('every example is used by a test', () => {
  const files = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' });
  // The commands of their pages are run by test/cluster/examples.
  const talking = files.filter((path) => /\.(ts|md)$/.test(path)).map((path) => join('examples', path));
  const users = [...filesBelow('test'), ...talking].map((path) => readFileSync(join(root, path), 'utf8'));
  const charts = readdirSync(join(root, 'examples', 'charts'));
  const examples = files.filter((path) => path.endsWith('.yaml') && !path.startsWith('charts/')).concat(charts);
  expect(examples.filter((path) => !users.some((text) => text.includes(basename(path))))).toEqual([]);
});

function wrongBetweenRooms(folder: string, rooms: Record<string, readonly string[]>): string[] {
  const roomOf = (path: string): string | undefined => {
    const [top, room, ...rest] = path.split('/');
    return top === folder && rest.length > 0 ? room : undefined;
  };
  return sources.flatMap((path) => {
    const room = roomOf(path);
    if (room === undefined) return [];
    const others = importsOf(path)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => roomOf(normalize(join(dirname(path), specifier))))
      .filter((other) => other !== undefined && other !== room && !rooms[room]?.includes(other));
    return [...new Set(others)].map((other) => `${path} -> ${other}`);
  });
}

/** The folders from which arrows lead back to themselves. */
function inCircles(arrows: Record<string, readonly string[]>): string[] {
  const reached = (from: string, seen: Set<string>): Set<string> => {
    for (const next of arrows[from] ?? []) if (!seen.has(next)) reached(next, seen.add(next));
    return seen;
  };
  return Object.keys(arrows).filter((folder) => reached(folder, new Set()).has(folder));
}

function isAllowed(from: string, target: string): boolean {
  const folder = folderOf(from);
  const other = folderOf(target);
  if (folder === other) return basename(target) !== 'index.ts' || dirname(target) !== folder;
  const isIndex = relative(other, target) === 'index.ts';
  return isIndex && (MAY_IMPORT[folder]?.includes(other) ?? false);
}

function folderOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return IN_PACKAGES.has(top) ? `${top}/${second}` : top;
}

function homesOf(specifier: string): readonly string[] {
  const parts = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
  return HOMES[parts.join('/')] ?? [];
}

function linesOf(path: string): number {
  return readFileSync(join(root, path), 'utf8').split('\n').length - 1;
}
