import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { CHART, DIGEST, useDefinitions } from './definitions.ts';

// What the documentation shows of a Release, as it stands, is what the API server takes.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PAGES = globSync(['README.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: ROOT, exclude: ['docs/adr/**'] });
const crds = useDefinitions();

type Shown = { apiVersion?: string; kind?: string; metadata?: object; spec?: { chart?: object } };

test.each(PAGES.flatMap((page) => releasesIn(read(page)).map((shown, index) => ({ page, index, shown }))))(
  '$page, Release $index',
  async ({ shown }) => expectAccepted(shown),
);

test('what the reference leaves commented out', async () => {
  const all = read('docs/spec/release.md')
    .replace(/^ *# inline: .*/m, '')
    .replaceAll(/^( +)# /gm, '$1');
  const [reference] = releasesIn(all);
  expect(Object.keys(reference?.spec ?? {}).length).toBeGreaterThan(25);
  await expectAccepted(reference);
});

async function expectAccepted({ kind = 'Release', metadata, spec }: Shown = {}): Promise<void> {
  const { namespace } = crds;
  const named = { name: 'shown', ...metadata, namespace };
  const whole = kind === 'Release' ? { ...spec, chart: { ...CHART, ...spec?.chart } } : spec;
  const object = { apiVersion: 'coxswain.dev/v1alpha1', kind, metadata: named, spec: whole };
  expect(await crds.check(object)).toMatchObject({ code: 0, stderr: '' });
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8').replaceAll(/sha256:[0-9a-f]*…/g, DIGEST);
}

/** The Releases and previews in blocks of YAML; what has nothing but a spec is part of a Release. */
function releasesIn(markdown: string): Shown[] {
  const blocks = Array.from(markdown.matchAll(/^```yaml\n([\s\S]*?)^```/gm), ([, block = '']) => loadAll(block));
  return (blocks.flat() as (Shown | null)[])
    .filter((shown) => shown !== null)
    .filter(({ kind, spec }) => spec !== undefined && (kind === undefined || kind.startsWith('Release')));
}
