import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { loadChart, packageChart } from '../../../chart-renderer/index.ts';
import type { PackageOptions } from '../../../chart-renderer/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { run } from '../../support/cluster/kubectl.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples', 'charts');
const SUBCHART = { 'Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.2.3\n', 'values.yaml': 'b: 1\n' };
const WITH_DEPENDENCY =
  'apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: db, version: 1.x.x, repository: ""}]\n';
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Chart.Name }}-{{ .Chart.Version }}"}\n';

let helm: string;
let root: string;

beforeAll(async () => {
  ({ helm } = await ensureBinaries(['helm']));
  root = await mkdtemp(join(tmpdir(), 'package-'));
}, 1_200_000);
afterAll(() => rm(root, { recursive: true, force: true }));

let folders = 0;
async function chartOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(root, `chart-${++folders}`);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

async function helmPackage(
  directory: string,
  { version, appVersion }: PackageOptions = {},
): Promise<Uint8Array | string> {
  const destination = await mkdtemp(join(root, 'helm-'));
  const versions = [...(version ? ['--version', version] : []), ...(appVersion ? ['--app-version', appVersion] : [])];
  const { code, stdout, stderr } = await run(helm, ['package', directory, '-d', destination, ...versions]);
  return code === 0 ? readFile(stdout.trim().split(' ').at(-1) ?? '') : stderr;
}

describe('beside helm package', () => {
  test.each<[string, string, PackageOptions]>([
    ['an example', join(EXAMPLES, 'hello'), {}],
    ['one with Handlebars', join(EXAMPLES, 'hello-handlebars'), {}],
    ['another version', join(EXAMPLES, 'hello'), { version: '9.0.0-rc.1', appVersion: '10' }],
  ])('%s holds the same chart', async (_, directory, options) => {
    const helms = await helmPackage(directory, options);
    const { bytes } = await packageChart(directory, options);
    const ours = await loadChart(bytes);
    // What Helm has no field for it does not write.
    const { engine, ...metadata } = ours.metadata;
    expect(await loadChart(helms as Uint8Array)).toEqual({ ...ours, metadata: { ...metadata, engine: '' } });
    expect(engine).toBe(directory.endsWith('handlebars') ? 'handlebars' : '');
  });

  test('ignored files, subcharts in directories and everything else are taken or left as Helm does', async () => {
    const files = {
      'Chart.yaml': WITH_DEPENDENCY,
      '.helmignore': '*.bak\n/docs/\n!keep.*\n',
      'keep.bak': '',
      'keep.txt': '',
      'other.txt': '',
      'docs/x': '',
      'values.schema.json': '{}',
      'Chart.lock': 'dependencies: []\ndigest: x\ngenerated: "2020-01-01T00:00:00Z"\n',
      'templates/config.yaml': CONFIG,
      'templates/.hidden': '',
      'crds/a.yaml': 'a: 1\n',
      ...Object.fromEntries(Object.entries(SUBCHART).map(([path, text]) => [`charts/db/${path}`, text])),
    };
    for (const ignored of ['*.bak\n/docs/\n', files['.helmignore']]) {
      const directory = await chartOf({ ...files, '.helmignore': ignored });
      const helms = await helmPackage(directory);
      if (typeof helms === 'string') {
        await expect(packageChart(directory)).rejects.toMatchObject({ name: 'ChartError' });
      } else {
        const { bytes } = await packageChart(directory);
        expect(await loadChart(bytes)).toEqual(await loadChart(helms));
      }
    }
  });

  test('Helm renders what is packed as it renders the directory', async () => {
    const directory = await chartOf({
      'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'templates/a.yaml': CONFIG,
    });
    const { bytes } = await packageChart(directory, { version: '2.0.0' });
    const archive = join(root, 'c-2.0.0.tgz');
    await writeFile(archive, bytes);
    const { code, stdout } = await run(helm, ['template', archive]);
    expect({ code, isRendered: stdout.includes('name: "c-2.0.0"') }).toEqual({ code: 0, isRendered: true });
  });

  test.each([
    [{ 'Chart.yaml': WITH_DEPENDENCY }, 'found in Chart.yaml, but missing in charts/ directory: db'],
    [{ 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: one\n' }, 'version'],
    [
      { 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n', 'values.schema.json': '{' },
      'Invalid JSON in values.schema.json',
    ],
    [{ 'values.yaml': '' }, 'Chart.yaml file is missing'],
  ])('%j is refused by both', async (files, message) => {
    const directory = await chartOf(files);
    expect(await helmPackage(directory)).toContain(message);
    await expect(packageChart(directory)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});
