import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { HELM_FUNCTIONS } from '../../chart-renderer/functions/index.ts';
import { HOOK_EVENTS } from '../../chart-renderer/index.ts';
import { OPERATION_EVENTS } from '../../controller/deploy/hooks/hooks.ts';
import { declaredValues } from './crds/declared-types.ts';
import { definitionOf, ownFieldsOf } from './crds/definitions.ts';
import { VERBS } from '../../cli/verbs.ts';
import LongestFirst, { LONGEST } from '../../tools/longest-first.ts';

// What is added to a list is used, and has its test: the files of some folder name it.

const root = join(import.meta.dirname, '..', '..');

test('every function of templates is tested', () => {
  const names = [...HELM_FUNCTIONS.keys()];
  expect(names.length).toBeGreaterThan(200);
  expect(unnamed(names, 'test/unit/chart-renderer', 'test/unit/golang', 'test/conformance')).toEqual([]);
});

test('every health rule is tested, and its kind is on the page', () => {
  const source = readFileSync(join(root, 'resources', 'health', 'health.ts'), 'utf8');
  const kinds = [...source.matchAll(/\['[\w.]*\/(\w+)', \{ health/g)].map(([, kind = '']) => kind);
  expect(kinds.length).toBeGreaterThan(10);
  expect(unnamed(kinds, 'test/unit/resources/health')).toEqual([]);
  const page = readFileSync(join(root, 'docs', 'health.md'), 'utf8');
  const [, rules = ''] = /\n## By kind\n(.*?)\n## Your own checks\n/s.exec(page) ?? [];
  expect(kinds.filter((kind) => !new RegExp(`\\b${kind}\\b`).test(rules))).toEqual([]);
});

test('every reason is used somewhere', () => {
  const reasons = declaredValues('Reason');
  expect(reasons.length).toBeGreaterThan(30);
  // The reasons of success are made of the operation's name.
  const names = reasons.map((reason) => reason.replace(/Succeeded$/, ''));
  expect(unnamed(names, 'controller', 'resources/apply')).toEqual([]);
});

test('every field of the spec is read, and tested', () => {
  const paths = ownFieldsOf(definitionOf('releases')).map(([path]) => path.replaceAll('[]', ''));
  const names = paths.filter((path) => path.startsWith('spec.')).map((path) => path.split('.').at(-1) ?? '');
  // The list of what is content names fields, and does nothing with them.
  const rooms = readdirSync(join(root, 'controller')).filter((room) => room !== 'history' && !room.includes('.'));
  // Patches are handed on whole.
  expect(unnamed(names, ...rooms.map((room) => `controller/${room}`), 'chart-renderer/patches')).toEqual([]);
  expect(unnamed(names, 'test/cluster', 'test/unit/controller', 'test/unit/chart-renderer')).toEqual([]);
});

test('the slowest test files exist, and run first, before purely computational tests and the other stories', () => {
  expect(LONGEST.filter((file) => !existsSync(join(root, 'test', file)))).toEqual([]);
  const others = ['unit/lists.test.ts', 'cluster/releases/drift/drift.test.ts'];
  const files = [...others, ...LONGEST].map((file) => ({ path: join(root, 'test', file) }));
  const order = new LongestFirst().sort(files.toReversed()).map(({ path }) => relative(join(root, 'test'), path));
  expect(order).toEqual([...LONGEST, ...others]);
});

test('every command of `kubectl release` is tested', () => {
  const commands = [...VERBS.keys()];
  const tests = ['test/unit/cli', 'test/cluster/cli', 'test/conformance'].flatMap((folder) => textsOf(folder));
  expect(commands.filter((command) => !tests.some((text) => text.includes(`'${command}'`)))).toEqual([]);
});

test('every hook event is run by an operation, except tests, which follow it, and by a story', () => {
  const run = Object.values(OPERATION_EVENTS).flatMap((phases) => Object.values(phases));
  expect(HOOK_EVENTS.filter((event) => !run.includes(event))).toEqual(['test']);
  const stories = textsOf('test/cluster/releases');
  const isRun = (event: string): boolean => stories.some((text) => new RegExp(`[ ',]${event}[',\\n]`).test(text));
  expect(HOOK_EVENTS.filter((event) => !isRun(event))).toEqual([]);
});

test('every hook phase is a stage of a deploy', () => {
  const source = readFileSync(join(root, 'controller', 'deploy', 'deploy.ts'), 'utf8');
  const phases = Object.values(OPERATION_EVENTS).flatMap((events) => Object.keys(events));
  expect(phases.filter((phase) => !source.includes(`runHooks(step, '${phase}')`))).toEqual([]);
});

test('every test that the architecture page names for a guarantee exists', () => {
  const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const [, table = ''] = /\n\| kept \|(.*?)\n\n/s.exec(page) ?? [];
  const names = [...table.matchAll(/`((?:unit|cluster)\/[\w/-]+)`/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !existsSync(join(root, 'test', `${name}.test.ts`)))).toEqual([]);
});

test('every fast path that the architecture page names exists, with its decision and its test', () => {
  const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const rows = [...page.matchAll(/^\|.*`(\S+)` \| \[ADR \d+\]\((\S+)\) \| `(\S+)` \|$/gm)];
  const paths = rows.flatMap(([, code = '', record = '', tested = '']) => [
    code,
    join('docs', record),
    join('test', 'unit', `${tested}.test.ts`),
  ]);
  expect(rows.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** The names that no file of the folders has as a word. */
function unnamed(names: readonly string[], ...folders: readonly string[]): string[] {
  const words = new Set(folders.flatMap((folder) => textsOf(folder).flatMap((text) => text.match(/\w+/g) ?? [])));
  return names.filter((name) => !words.has(name));
}

function textsOf(folder: string): string[] {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const texts = paths.filter((path) => /\.(?:test\.ts|tpl|yaml|json|ts)$/.test(path));
  return texts.map((path) => readFileSync(join(root, folder, path), 'utf8'));
}
