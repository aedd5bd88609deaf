import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { loadChart, packageChart } from '../../../chart-renderer/index.ts';
import type { PackageOptions } from '../../../chart-renderer/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { run } from '../../support/cluster/kubectl.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples', 'charts');
const SUBCHART = { 'Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.2.3\n', 'values.yaml': 'b: 1\n' };
const WITH_DEPENDENCY =
  'apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: db, version: 1.x.x, repository: ""}]\n';
const FULL = `apiVersion: v2
name: c
version: v1.0
deprecated: false
appVersion: 1.10
description: "a  long description with: a colon, which is longer than eighty characters and so may be broken # or not"
keywords: [yes, "2", ~]
maintainers: [{name: Ada, email: ""}, {url: u}]
annotations: {b: "1", a: true}
icon: ""
kubeVersion: ">=1.20.0-0"
`;
const CLI = join(import.meta.dirname, '..', '..', '..', 'cli', 'main.ts');
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Chart.Name }}-{{ .Chart.Version }}"}\n';

let helm: string;
let helm4: string;
let root: string;

beforeAll(async () => {
  ({ helm, helm4 } = await ensureBinaries(['helm', 'helm4']));
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

describe('compared with helm package', () => {
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

  test('ignored files, subcharts in directories and everything else are included or left out as by Helm', async () => {
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
      ...filesOfDependency('charts/db'),
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

describe('compared with helm package of Helm 4 with the same SOURCE_DATE_EPOCH', () => {
  const SECONDS = 1_609_459_200;
  const modified = new Date(SECONDS * 1000);
  const LONG = `files/${'long-'.repeat(30)}/${'name-'.repeat(17)}.txt`;
  const LOCK = `dependencies:
- name: db
  repository: ""
  version: 1.2.3
digest: sha256:x
generated: "2020-01-01T01:02:03.456+01:00"
`;

  /** The tar archives that both make. */
  async function packedByBoth(directory: string): Promise<{ ours: Buffer; helms: Buffer }> {
    const destination = await mkdtemp(join(root, 'helm-'));
    const env = { SOURCE_DATE_EPOCH: String(SECONDS) };
    const { code, stdout, stderr } = await run(helm4, ['package', directory, '-d', destination], { env });
    if (code !== 0) throw new Error(stderr);
    const helms = gunzipSync(await readFile(stdout.trim().split(' ').at(-1) ?? ''));
    const { bytes } = await packageChart(directory, { modified });
    return { ours: gunzipSync(bytes), helms };
  }

  test.each<[string, Readonly<Record<string, string>>]>([
    [
      'files in folders',
      { 'templates/a/b.yaml': CONFIG, 'templates/a.yaml': '', 'b/c': 'c', 'b.txt': 'b', NOTICE: 'n' },
    ],
    [
      'all that has a place of its own',
      { 'values.yaml': 'a: 1 # one\n', 'values.schema.json': '{}', 'README.md': 'r', 'crds/a.yaml': '' },
    ],
    [
      'long and foreign names',
      { [LONG]: 'l', [`templates/${'n'.repeat(120)}.yaml`]: '', 'files/\u00fcn\u00ef.txt': 'u' },
    ],
    [
      'a dependency in a directory, and a lock',
      { 'Chart.yaml': WITH_DEPENDENCY, 'Chart.lock': LOCK, ...filesOfDependency('charts/db') },
    ],
    [
      'one in a directory of another name',
      { 'Chart.yaml': WITH_DEPENDENCY, ...filesOfDependency('charts/other'), 'charts/_README': '' },
    ],
    ['an empty lock', { 'Chart.lock': '' }],
    ['a lock that says little', { 'Chart.lock': 'digest: x\n' }],
    ['fields that are left out or written differently', { 'Chart.yaml': `${FULL}unknown: 1\n` }],
    [
      'API version 1',
      {
        'Chart.yaml': 'name: c\nversion: 1.0.0\n',
        'requirements.yaml': 'dependencies: [{name: db, version: 1.x.x}]\n',
        'requirements.lock': LOCK,
        ...filesOfDependency('charts/db'),
      },
    ],
    [
      'requirements in version 2',
      {
        'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
        'requirements.yaml': 'dependencies: [{name: db, version: 1.x.x}]\n',
        'requirements.lock': LOCK,
        ...filesOfDependency('charts/db'),
      },
    ],
  ])('%s: the same tar archive, byte for byte', async (_, files) => {
    const directory = await chartOf({ 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n', ...files });
    const { ours, helms } = await packedByBoth(directory);
    expect(ours.toString('latin1')).toBe(helms.toString('latin1'));
  });

  test('both unpack an archive in charts/, in its own order', async () => {
    const inner = await chartOf({ ...SUBCHART, 'templates/z.yaml': 'z: 1\n', 'a.txt': '' });
    const directory = await chartOf({ 'Chart.yaml': WITH_DEPENDENCY, 'charts/db-1.2.3.tgz.prov': 'signed' });
    await run(helm4, ['package', inner, '-d', join(directory, 'charts')]);
    const { ours, helms } = await packedByBoth(directory);
    expect(ours.toString('latin1')).toBe(helms.toString('latin1'));
  });

  test('for several charts in charts/, Helm makes one of several archives, and ours is one of these', async () => {
    const names = ['a', 'b', 'c'];
    const dependencies = names.map((name) => `{name: ${name}, version: 1.0.0, repository: ""}`).join(', ');
    const charts = names.map((name) => [
      `charts/${name}/Chart.yaml`,
      `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
    ]);
    const chartYaml = `apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [${dependencies}]\n`;
    const directory = await chartOf({ 'Chart.yaml': chartYaml, ...Object.fromEntries(charts) });
    const digests = new Set<string>();
    let ours = '';
    for (let tries = 0; tries < 200 && !(digests.has(ours) && digests.size > 1); tries++) {
      const both = await packedByBoth(directory);
      ours = both.ours.toString('latin1');
      digests.add(both.helms.toString('latin1'));
    }
    expect(digests.has(ours)).toBe(true);
    expect(digests.size).toBeGreaterThan(1);
  });

  test.each(['soon', '-1', '1.5'])('SOURCE_DATE_EPOCH=%s is refused by both', async (seconds) => {
    const env = { SOURCE_DATE_EPOCH: seconds };
    const directory = join(EXAMPLES, 'hello');
    const helms = await run(helm4, ['package', directory, '-d', root], { env });
    const ours = await run(process.execPath, [CLI, 'release', 'package', directory, '-d', root], { env });
    expect([helms.code, ours.code]).toEqual([1, 2]);
    for (const { stderr } of [helms, ours]) expect(stderr).toContain('SOURCE_DATE_EPOCH');
  });

  test('our command uses it like the packing function', async () => {
    const directory = join(EXAMPLES, 'hello');
    const destination = await mkdtemp(join(root, 'ours-'));
    const env = { SOURCE_DATE_EPOCH: String(SECONDS) };
    const { stdout } = await run(process.execPath, [CLI, 'release', 'package', directory, '-d', destination], { env });
    const { bytes } = await packageChart(directory, { modified });
    expect(Buffer.compare(await readFile(stdout.trim()), bytes)).toBe(0);
  });
});

function filesOfDependency(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(SUBCHART).map(([path, text]) => [`${folder}/${path}`, text]));
}
