import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { VERBS } from '../../../cli/verbs.ts';
import { ownCommandFor, translated } from '../../../cli/words/foreign-words.ts';
import { blocksOf } from '../../support/command/page.ts';

// Each command of the documentation is run by a test, as it stands, or says why not.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const below = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.startsWith('adr/'))
    .map((path) => join(folder, path));

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...['bench', 'chart-renderer', 'registry-client', 'test/control-plane'].map((folder) => `${folder}/README.md`),
  ...below('docs'),
  ...below('examples'),
];
/** The tests that follow pages, and fail if one has a block that was not run. */
const FOLLOWING = ['operations/page', 'operations/moving', 'examples/pages'].map((name) =>
  read(`test/cluster/${name}.test.ts`),
);

test('every block of commands is run by a test, or says why not', () => {
  const lost = PAGES.flatMap((path) =>
    blocksOf(read(path)).flatMap(({ script, whyNot }) =>
      whyNot !== undefined || isFollowed(path) || isOfMake(script) ? [] : [`${path}: ${script}`],
    ),
  );
  expect(lost).toEqual([]);
});

test('a block that says that a test runs it names an existing test', () => {
  const reasons = PAGES.flatMap((path) => blocksOf(read(path)).flatMap(({ whyNot }) => whyNot ?? []));
  const named = reasons.flatMap((reason) => reason.match(/(?:test|examples)\/[\w/.-]*\w/g) ?? []);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the targets that the workflows make exist in the Makefile', () => {
  const steps = ['ci.yaml', 'release.yml'].flatMap(
    (name) => read(`.github/workflows/${name}`).match(/(?<=run: )make\b.*/g) ?? [],
  );
  const targets = steps.flatMap((step) => step.split(' ').filter((word) => /^[a-z-]+$/.test(word) && word !== 'make'));
  expect(targets).toEqual(expect.arrayContaining(['dist', 'site', 'test', 'unit']));
  expect(targets.filter((target) => !isOfMake(`make ${target}`))).toEqual([]);
});

test('commands stand only in blocks marked as such', () => {
  const blocks = PAGES.flatMap((path) =>
    [...read(path).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map((block) => ({ path, block })),
  );
  const commands = blocks.filter(
    ({ block: [, language, text = ''] }) => language === '' && /^(kubectl|helm|make|docker|node) /m.test(text),
  );
  expect(commands.map(({ path, block: [text] }) => `${path}: ${text}`)).toEqual([]);
});

test('every command and option that is named exists', async () => {
  const named = PAGES.flatMap((path) => commandsIn(read(path)).map((command) => ({ path, command })));
  expect(named.length).toBeGreaterThan(100);
  const wrong: object[] = [];
  for (const { path, command } of named) {
    const unknown = await unknownIn(command);
    if (unknown.length > 0) wrong.push({ path, command, unknown });
  }
  expect(wrong).toEqual([]);
});

/** Whether a test follows the whole page. */
function isFollowed(path: string): boolean {
  const [, example] = /^examples\/([\w-]+)\/README\.md$/.exec(path) ?? [];
  const name = example ?? path.replace(/^docs\//, '');
  return FOLLOWING.some((test) => new RegExp(`pageOf\\('${name}'|readPage\\([^\\n]*'${name}'`).test(test));
}

/** Whether all that is run are targets of the Makefile, and programs that are there: they run the tests. */
function isOfMake(script: string): boolean {
  const targets = read('Makefile');
  return script
    .trim()
    .split('\n')
    .every((line) => {
      const [, program, what = ''] = /^(?:[A-Z_]+=\S+ )*(make|node)(?: +([a-z][\w./-]*))?/.exec(line) ?? [];
      if (program === 'node') return existsSync(join(ROOT, what));
      return program === 'make' && (what === '' || new RegExp(`^${what}:`, 'm').test(targets));
    });
}

/** The uses of `kubectl release` in a page, each to the end of its line or of its code. */
function commandsIn(markdown: string): string[] {
  const blocks = blocksOf(markdown).map(({ script }) => script.replaceAll('\\\n', ' '));
  const spans = [...markdown.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...spans].flatMap((text) =>
    [...text.replaceAll(/ #.*$/gm, '').matchAll(/kubectl release ([a-z][^|;&)\n]*)/g)].map(
      ([, command = '']) => command,
    ),
  );
}

/** What of a command there is not: the verb, or options that it does not read. */
async function unknownIn(command: string): Promise<string[]> {
  const [verb = '', ...rest] = translated(command.trim().split(/\s+/));
  if (verb === 'help' || ownCommandFor(verb) !== undefined) return [];
  const known = VERBS.get(verb);
  if (known === undefined) return [verb];
  const { options } = await known.load();
  const given = rest.flatMap((word) => /^\[?(--[a-z][a-z-]*)/.exec(word)?.[1] ?? []);
  return given.filter((option) => !(option.slice(2) in options));
}
