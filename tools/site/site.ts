import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { escaped, render, unescaped, type Rendered } from './markdown.ts';
import { referencePages, type Source } from './reference.ts';
import { addressOf, sectionsOf } from './sources.ts';

/** A page of the site. */
interface Page extends Rendered {
  readonly address: string;
  readonly title: string;
}

type Section = readonly [title: string, pages: readonly Page[]];

const HERE = import.meta.dirname;
const ASSETS = ['style.css', 'search.js'];

/**
 * Writes the documentation as static HTML into `folder`, which is made anew: each page in Markdown, the reference of fields, commands and
 * flags, a search that needs no server, and the files that pages link to. Returns how many pages there are.
 */
export async function writeSite(root: string, folder: string): Promise<number> {
  const sources = await sourcesOf(root);
  const known = new Set(sources.flatMap(([, each]) => each.map(({ path }) => path)));
  const linked = new Set<string>();
  const sections = sources.map(([title, each]): Section => [
    title,
    each.map((source) => pageOf(source, (href) => hrefOf(root, { from: source.path, href, known, linked }))),
  ]);
  await rm(folder, { recursive: true, force: true });
  const pages = sections.flatMap(([, each]) => each);
  for (const page of pages) await put(folder, page.address, documentOf(page, sections));
  for (const path of linked) await copy(join(root, path), join(folder, fileAddressOf(path)));
  for (const name of ASSETS) await copy(join(HERE, name), join(folder, name));
  const index = JSON.stringify(pages.flatMap(searched));
  await put(folder, 'search-index.js', `globalThis.sections = ${index.replaceAll('<', String.raw`\u003c`)};\n`);
  return pages.length;
}

async function sourcesOf(root: string): Promise<[title: string, sources: Source[]][]> {
  const sections: [string, Source[]][] = [];
  for (const [title, paths] of await sectionsOf(root)) {
    const read = paths.map(async (path) => ({ path, markdown: await readFile(join(root, path), 'utf8') }));
    sections.push([title, await Promise.all(read)]);
  }
  sections.splice(2, 0, ['Reference', await referencePages(root)]);
  return sections;
}

function pageOf({ path, markdown }: Source, href: (href: string) => string | undefined): Page {
  const rendered = render(markdown, href);
  return { ...rendered, address: addressOf(path), title: rendered.headings[0]?.text ?? path };
}

interface Link {
  readonly from: string;
  readonly href: string;
  readonly known: ReadonlySet<string>;
  /** Files that are no pages, and have to be in the site too. */
  readonly linked: Set<string>;
}

/** Where a link leads in the site: a page, a file, another host; a folder without a page leads nowhere. */
function hrefOf(root: string, { from, href, known, linked }: Link): string | undefined {
  if (/^([a-z]+:|#)/.test(href)) return href;
  const [path = '', fragment] = href.split('#');
  const target = normalize(join(dirname(from), path)).replace(/\/$/, '');
  const page = [target, join(target, 'README.md')].find((each) => known.has(each));
  const to = page === undefined ? fileOf(root, target, linked) : addressOf(page);
  if (to === undefined) return undefined;
  return `${relative(dirname(addressOf(from)), to)}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** What is not there is linked all the same, so that it is found. */
function fileOf(root: string, path: string, linked: Set<string>): string | undefined {
  const file = join(root, path);
  if (!existsSync(file)) return path;
  if (statSync(file).isDirectory()) return undefined;
  linked.add(path);
  return fileAddressOf(path);
}

/** As text, whatever it is: a browser is to show it. Pictures stay what they are. */
function fileAddressOf(path: string): string {
  return /\.(svg|png)$/.test(path) ? path : `files/${path}.txt`;
}

function documentOf({ address, title, html }: Page, sections: readonly Section[]): string {
  const root = '../'.repeat(address.split('/').length - 1);
  const lists = sections.map(([name, pages]) => {
    const items = pages.map((page) => {
      const current = page.address === address ? ' aria-current="page"' : '';
      return `<li><a href="${root}${page.address}"${current}>${escaped(page.title)}</a></li>`;
    });
    return `<details${pages.some((page) => page.address === address) ? ' open' : ''}><summary>${name}</summary><ul>${items.join('')}</ul></details>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)} - Coxswain</title>
<link rel="stylesheet" href="${root}style.css">
<nav><input id="search" type="search" placeholder="Search" aria-label="Search"><ul id="found"></ul>
${lists.join('\n')}</nav>
<main>
${html}</main>
<script src="${root}search-index.js"></script>
<script src="${root}search.js" data-root="${root}"></script>
</html>
`;
}

/** A page as the search has it: a row for each heading, with the text below it. */
function searched({ address, title, html, headings }: Page): string[][] {
  const parts = html.split(/<h[1-6] id="[^"]*">.*?<\/h[1-6]>/s).slice(1);
  return headings.map(({ text, id }, index) => [`${address}#${id}`, title, text, textOf(parts[index] ?? '')]);
}

function textOf(html: string): string {
  return unescaped(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

async function put(folder: string, address: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, address)), { recursive: true });
  await writeFile(join(folder, address), text);
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}
