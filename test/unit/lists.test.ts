import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { HELM_FUNCTIONS } from '../../chart-renderer/functions/index.ts';
import { HOOK_EVENTS } from '../../chart-renderer/index.ts';
import { OPERATION_EVENTS } from '../../controller/deploy/hooks.ts';

// What is added to a list has its test, and is used: the tests of its folder name it.

const root = join(import.meta.dirname, '..', '..');

test('every function of templates is tested', () => {
  const names = [...HELM_FUNCTIONS.keys()];
  expect(names.length).toBeGreaterThan(200);
  expect(untested(names, 'test/unit/chart-renderer', 'test/unit/golang', 'test/conformance')).toEqual([]);
});

test('every rule of health is tested', () => {
  const source = readFileSync(join(root, 'resources', 'health', 'health.ts'), 'utf8');
  const kinds = [...source.matchAll(/\['[\w.]*\/(\w+)', \{ health/g)].map(([, kind = '']) => kind);
  expect(kinds.length).toBeGreaterThan(10);
  expect(untested(kinds, 'test/unit/resources')).toEqual([]);
});

test('every event of hooks is run by an operation, but for the one that is run by `helm test` alone', () => {
  const run = Object.values(OPERATION_EVENTS).flatMap((phases) => Object.values(phases));
  expect(HOOK_EVENTS.filter((event) => !run.includes(event))).toEqual(['test']);
});

test('every fast way that the architecture names is there, and so are its decision and its test', () => {
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

/** The names that no test of the folders has as a word. */
function untested(names: readonly string[], ...folders: readonly string[]): string[] {
  const words = new Set(folders.flatMap((folder) => textsOf(folder).flatMap((text) => text.match(/\w+/g) ?? [])));
  return names.filter((name) => !words.has(name));
}

function textsOf(folder: string): string[] {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const texts = paths.filter((path) => /\.(?:test\.ts|tpl|yaml|json|ts)$/.test(path));
  return texts.map((path) => readFileSync(join(root, folder, path), 'utf8'));
}
