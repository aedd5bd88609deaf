import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The links of a site that lead nowhere in it, each as `page: link`. Other hosts are not asked. */
export function deadLinks(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  return [...texts].flatMap(([page, text]) =>
    [...text.matchAll(/ (?:href|src)="([^"]*)"/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(folder, texts, page, link))
      .map((link) => `${page}: ${link}`),
  );
}

function leadsSomewhere(folder: string, texts: ReadonlyMap<string, string>, page: string, link: string): boolean {
  const [path = '', fragment] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (fragment === undefined) return existsSync(join(folder, target));
  return texts.get(target)?.includes(` id="${fragment}"`) ?? false;
}
