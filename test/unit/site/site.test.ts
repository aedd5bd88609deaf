import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { VERBS } from '../../../cli/verbs.ts';
import { deadLinks } from '../../../tools/site/links.ts';
import { render } from '../../../tools/site/markdown.ts';
import { writeSite } from '../../../tools/site/site.ts';
import { definitionOf, ownFieldsOf } from '../crds/definitions.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'site-'));
const site = join(folder, 'site');
const read = (path: string): string => readFileSync(join(site, path), 'utf8');

beforeAll(() => writeSite(ROOT, site));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the site', () => {
  test('has no broken link', () => {
    expect(deadLinks(site)).toEqual([]);
  });

  test('has a reference of every field of a Release', () => {
    const page = read('reference/release.html');
    const paths = ownFieldsOf(definitionOf('releases')).map(([path]) => path.replaceAll('[]', ''));
    const names = paths.filter((path) => path.startsWith('spec.')).map((path) => path.split('.').at(-1) ?? '');
    expect(names.filter((name) => !new RegExp(`\\b${name}</code>`).test(page))).toEqual([]);
  });

  test('has the usage of every command', () => {
    const page = read('reference/kubectl-release.html');
    expect([...VERBS.keys()].filter((verb) => !page.includes(`>${verb}</h3>`))).toEqual([]);
  });

  test('is searched without a server, and sections with the words in their heading come first', () => {
    const browser = createContext({});
    runInContext(read('search-index.js'), browser);
    runInContext(read('search.js'), browser);
    const found = (query: string): { address: string; heading: string }[] =>
      runInContext(`search(sections, ${JSON.stringify(query)})`, browser) as { address: string; heading: string }[];
    expect(found('masking of secrets')[0]).toMatchObject({ address: 'docs/spec/release.html#masking-of-secrets' });
    expect(found('no such word anywhere zzz')).toHaveLength(0);
    expect(found(' ')).toHaveLength(0);
  });
});

describe('broken links', () => {
  test('are found, in pages and to headings', () => {
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(
      join(broken, 'a.html'),
      '<a href="b.html#there">x</a><a href="b.html#gone">x</a><a href="c.html">x</a>',
    );
    writeFileSync(
      join(broken, 'b.html'),
      '<h2 id="there">There</h2><a href="#nowhere">x</a><a href="https://a.example">x</a>',
    );
    expect(deadLinks(broken)).toEqual(['a.html: b.html#gone', 'a.html: c.html', 'b.html: #nowhere']);
  });
});

describe('a heading', () => {
  const idsOf = (markdown: string): string[] => render(markdown, (href) => href).headings.map(({ id }) => id);

  test.each([
    ['# Two words', ['two-words']],
    ['# `kubectl release` & more: 1.2', ['kubectl-release--more-12']],
    ['# Twice\n# Twice', ['twice', 'twice-1']],
    ['# [A link](b.md) _here_', ['a-link-here']],
  ])('has the anchor that GitHub gives it: %j', (markdown, ids) => {
    expect(idsOf(markdown)).toEqual(ids);
  });
});
