import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What else has a page of its own. */
const LIBRARIES = [
  'chart-renderer/README.md',
  'registry-client/README.md',
  'bench/README.md',
  'test/control-plane/README.md',
];

/** The pages of the site, in the order in which it lists them: what comes first is read first. */
const SECTIONS: readonly (readonly [title: string, pages: readonly string[]])[] = [
  [
    'Start here',
    [
      'README.md',
      'docs/start-here.md',
      'docs/concepts.md',
      'docs/moving-from-helm.md',
      'docs/kubectl.md',
      'docs/dashboard.md',
      'docs/troubleshooting.md',
      'docs/comparison.md',
    ],
  ],
  ['Releases', ['docs/spec/', 'docs/health.md', 'docs/interoperability.md']],
  ['Charts', ['docs/chart-authors.md', 'docs/compose.md', 'docs/handlebars.md', 'docs/ci.md']],
  ['For administrators', ['docs/operations.md', 'docs/install.md', 'docs/multi-tenancy.md', 'SECURITY.md']],
  ['Examples', ['examples/']],
  ['Contributing', ['CONTRIBUTING.md', 'docs/', 'CHANGELOG.md', ...LIBRARIES, 'docs/adr/']],
];

/** The sections with the paths of their pages: a folder stands for those in it, and below it, that no section names before. */
export async function sectionsOf(root: string): Promise<[title: string, pages: string[]][]> {
  const named = new Set(SECTIONS.flatMap(([, pages]) => pages));
  const sections: [string, string[]][] = [];
  for (const [title, entries] of SECTIONS) {
    const pages: string[] = [];
    for (const entry of entries) pages.push(...(entry.endsWith('/') ? await pagesBelow(root, entry, named) : [entry]));
    sections.push([title, pages]);
  }
  return sections;
}

async function pagesBelow(root: string, folder: string, named: ReadonlySet<string>): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const pages: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory() && !named.has(`${path}/`)) pages.push(...(await pagesBelow(root, `${path}/`, named)));
    if (entry.isFile() && path.endsWith('.md') && !named.has(path)) pages.push(path);
  }
  return pages;
}

/** Where the page made of a file is. */
export function addressOf(path: string): string {
  return path.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
}
