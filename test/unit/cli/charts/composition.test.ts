import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readComposition } from '../../../../cli/charts/composition.ts';

const DOCS = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'compose.md');
const HEAD = 'apiVersion: coxswain.dev/v1alpha1\nkind: Composition\nname: shop\nversion: 1.0.0\n';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'composition-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): ReturnType<typeof readComposition> {
  const path = join(folder, 'compose.yaml');
  await writeFile(path, text);
  return readComposition(path);
}
const problemsOf = async (text: string): Promise<string[]> =>
  read(text).then(
    () => [],
    (error: Error & { code: string }) => [error.code, ...error.message.split('\n  ').slice(1)],
  );

describe('a composition', () => {
  test('has the form that the documentation shows', async () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(await readFile(DOCS, 'utf8'))?.[1] ?? '';
    const { name, charts, values } = await read(example);
    expect({ name, values }).toEqual({ name: 'shop', values: { global: { domain: 'shop.example' } } });
    expect(charts.map(({ alias }) => alias)).toEqual(['front', 'admin', undefined, undefined]);
    expect(charts[0]?.values).toEqual({ replicas: 2 });
  });

  test('may be JSON', async () => {
    const composition = {
      apiVersion: 'coxswain.dev/v1alpha1',
      kind: 'Composition',
      name: 'shop',
      version: '1.0.0',
      charts: [{ chart: './web' }],
    };
    await expect(read(JSON.stringify(composition))).resolves.toEqual({
      ...composition,
      charts: [{ chart: './web', values: {} }],
      values: {},
    });
  });

  test.each<[string, string[]]>([
    ['- a', ['it is not a map']],
    [
      'name: 7\nextra: x\n',
      [
        'apiVersion: is missing',
        'kind: is missing',
        'version: is missing',
        'charts: is missing',
        'name: must be a text; numbers need quotes',
        'extra: is not a field; the fields are apiVersion, kind, name, version, appVersion, description, charts, values',
        'it must say apiVersion: coxswain.dev/v1alpha1 and kind: Composition',
      ],
    ],
    [`${HEAD}charts: []\n`, ['charts: there must be at least one']],
    [`${HEAD}charts: {}\nvalues: []\n`, ['charts: must be a list', 'values: must be a map']],
    [
      `${HEAD}charts:\n  - {version: 1.2, alias: "a b"}\n  - web\n  - {chart: web}\n  - {chart: ./web, version: "1", x: 1}\n`,
      [
        'charts[0].chart: is missing',
        'charts[0].version: must be a text; numbers need quotes',
        'charts[0].alias: Helm takes letters, digits, - and _ only',
        'charts[1]: must be a map',
        'charts[2].chart: web needs a repository, or is a path, which then begins with ./',
        'charts[3].x: is not a field; the fields are chart, repository, version, alias, values',
        'charts[3].version: a directory or archive has its own version',
      ],
    ],
  ])('%j is refused with every error', async (text, problems) => {
    await expect(problemsOf(text)).resolves.toEqual(['Unreadable', ...problems]);
  });

  test.each(['a: [', '\u0000'])('%j cannot be read', async (text) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'Unreadable',
      message: expect.stringContaining('cannot be'),
    });
  });

  test('that does not exist is named', async () => {
    await expect(readComposition('/nowhere.yaml')).rejects.toMatchObject({
      code: 'Unreadable',
      message: expect.stringContaining('/nowhere.yaml'),
    });
  });
});
