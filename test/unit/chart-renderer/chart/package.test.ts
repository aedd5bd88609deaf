import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Parser } from 'tar';
import { loadChart, packageChart, publishedMetadata } from '../../../../chart-renderer/index.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'package-'));
});
afterEach(() => rm(root, { recursive: true }));

const FILES = {
  'Chart.yaml': 'apiVersion: v2\nname: c # the name\nversion: 1.0.0\nappVersion: "7"\n',
  'values.yaml': 'a: 1\n'.repeat(500),
  'templates/a.yaml': 'a: {{ .Values.a }}\n',
  'templates/sub/b.yaml': 'b: 2\n',
  'files/ünï.txt': 'not ASCII',
  'a.txt': '',
};

async function put(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, folder, path)), { recursive: true });
    await writeFile(join(root, folder, path), content);
  }
  return join(root, folder);
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Entry = { path: string; mode?: number; uid?: number; gid?: number; mtime?: number; type: string };

async function entriesOf(bytes: Uint8Array): Promise<Entry[]> {
  const entries: Entry[] = [];
  await new Promise((resolve) => {
    const parser = new Parser({
      onReadEntry: (entry) => {
        const { path, mode, uid, gid, mtime, type } = entry;
        entries.push({ path, mode, uid, gid, mtime: mtime?.getTime(), type } as Entry);
        entry.resume();
      },
    });
    parser.on('end', resolve);
    parser.end(gunzipSync(bytes));
  });
  return entries;
}

describe('the archive', () => {
  test('is the same on any day, whatever the order, times and modes of the files', async () => {
    const chart = await put('one', FILES);
    const again = await put('two', Object.fromEntries(Object.entries(FILES).toReversed()));
    await utimes(join(again, 'values.yaml'), 1, 1);
    await chmod(join(again, 'values.yaml'), 0o755);
    const { bytes } = await packageChart(chart);
    const second = await packageChart(again);
    expect(Buffer.compare(bytes, second.bytes)).toBe(0);
    expect(digestOf(bytes)).toBe('53c9cdb5ede3cd710d0375daebca03f9a05540ea50c98ab9c6963fe88244d0f2');
  });

  test.each([undefined, new Date('2021-01-01T00:00:00Z')])(
    "holds the files in Helm's order, below the chart name, without an owner and with one time: %s",
    async (modified) => {
      const { bytes } = await packageChart(await put('one', FILES), { modified });
      const entries = await entriesOf(bytes);
      expect(entries.map(({ path }) => path)).toEqual([
        'c/Chart.yaml',
        'c/values.yaml',
        'c/templates/a.yaml',
        'c/templates/sub/b.yaml',
        'c/a.txt',
        'c/files/ünï.txt',
      ]);
      const mtime = modified?.getTime() ?? Date.UTC(1980, 0, 1);
      for (const entry of entries) expect(entry).toMatchObject({ mode: 0o644, uid: 0, gid: 0, mtime, type: 'File' });
    },
  );

  test('loads the same as the directory, long and binary files included', async () => {
    const long = `templates/${'long-'.repeat(30)}/${'name-'.repeat(40)}.yaml`;
    const binary = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * index) % 251));
    const chart = await put('one', { ...FILES, [long]: 'x: 1', 'files/binary': binary });
    const { bytes } = await packageChart(chart);
    expect(await loadChart(bytes)).toEqual(await loadChart(chart));
    expect(bytes.length).toBeLessThan(60_000);
  });

  test('contains what .helmignore does not exclude', async () => {
    const ignored = { '.helmignore': '*.md\nsecret/\n', 'README.md': '', 'secret/key': '', 'sub/README.md': '' };
    const { bytes } = await packageChart(await put('one', { ...FILES, ...ignored }));
    const paths = (await entriesOf(bytes)).map(({ path }) => path);
    expect(paths).toContain('c/.helmignore');
    expect(paths.filter((path) => /README|secret/.test(path))).toEqual([]);
  });
});

describe('links', () => {
  test('are refused, even if they stay inside', async () => {
    const chart = await put('one', FILES);
    await symlink('values.yaml', join(chart, 'more.yaml'));
    await expect(packageChart(chart)).rejects.toMatchObject({ code: 'UnsafePath', file: 'more.yaml' });
  });

  test('that .helmignore excludes do not matter', async () => {
    const chart = await put('one', { ...FILES, '.helmignore': 'linked\nfolder/\n' });
    await symlink('/etc/passwd', join(chart, 'linked'));
    await symlink('/etc', join(chart, 'folder'));
    const { bytes } = await packageChart(chart);
    expect((await entriesOf(bytes)).filter(({ path }) => /linked|folder/.test(path))).toEqual([]);
  });
});

describe('versions', () => {
  test('are taken from the options, and written into Chart.yaml', async () => {
    const chart = await put('one', FILES);
    const packed = await packageChart(chart, { version: '2.0.0-rc.1+b', appVersion: '8' });
    expect(packed.chart.metadata).toMatchObject({ name: 'c', version: '2.0.0-rc.1+b', appVersion: '8' });
    expect((await loadChart(packed.bytes)).metadata).toEqual(packed.chart.metadata);
  });

  test('that Chart.yaml already has change nothing', async () => {
    const chart = await put('one', FILES);
    const same = await packageChart(chart, { version: '1.0.0', appVersion: '7' });
    expect(digestOf(same.bytes)).toBe(digestOf((await packageChart(chart)).bytes));
  });

  test('that are invalid are refused', async () => {
    const chart = await put('one', FILES);
    await expect(packageChart(chart, { version: 'new' })).rejects.toMatchObject({ code: 'InvalidChart' });
  });
});

describe('what helm package refuses', () => {
  const dependencies =
    'dependencies: [{name: db, version: 1.x.x, repository: ""}, {name: log, version: "*", repository: ""}]\n';

  test('a dependency that is not in charts/', async () => {
    const chart = await put('one', { ...FILES, 'Chart.yaml': FILES['Chart.yaml'] + dependencies });
    await expect(packageChart(chart)).rejects.toMatchObject({
      code: 'InvalidChart',
      message: expect.stringContaining('missing in charts/ directory: db, log'),
    });
  });

  test('and one that is there is accepted, as a directory or an archive', async () => {
    const log = await packageChart(await put('log', { 'Chart.yaml': 'apiVersion: v2\nname: log\nversion: 1.0.0\n' }));
    const chart = await put('one', {
      ...FILES,
      'Chart.yaml': FILES['Chart.yaml'] + dependencies,
      'charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
      'charts/log-1.0.0.tgz': log.bytes,
    });
    const { bytes } = await packageChart(chart);
    const loaded = await loadChart(bytes);
    expect(loaded.dependencies.map(({ metadata }) => metadata.name)).toEqual(['db', 'log']);
  });

  test.each([
    [{ 'values.schema.json': '{' }, 'Invalid JSON in values.schema.json'],
    [{ 'Chart.yaml': 'apiVersion: v2\nversion: 1.0.0\n' }, 'chart.metadata.name is required'],
    [{ 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: one\n' }, 'chart.metadata.version "one" is invalid'],
    [{ 'Chart.yaml': 'apiVersion: v2\nname: a/b\nversion: 1.0.0\n' }, 'chart.metadata.name "a/b" is invalid'],
    [{ 'Chart.yaml': '- a\n' }, 'cannot unmarshal array'],
  ])('%j', async (files, message) => {
    const chart = await put('one', { ...FILES, ...files });
    await expect(packageChart(chart)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

test('published metadata has what Chart.yaml says, and no empty field', async () => {
  const chartYaml = `${FILES['Chart.yaml']}maintainers: [{name: Ada}]\ndependencies: [{name: db, version: "1"}]\n`;
  const chart = await loadChart(
    await put('one', { 'Chart.yaml': chartYaml, 'charts/db/Chart.yaml': FILES['Chart.yaml'] }),
  );
  expect(JSON.stringify(publishedMetadata(chart.metadata))).toBe(
    '{"name":"c","version":"1.0.0","maintainers":[{"name":"Ada"}],"apiVersion":"v2","appVersion":"7",' +
      '"dependencies":[{"name":"db","version":"1","repository":""}]}',
  );
});
