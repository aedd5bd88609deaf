import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadChart } from '../../../../chart-renderer/index.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'chart-'));
  await put('Chart.yaml', 'apiVersion: v2\nname: c\nversion: 1.0.0\n');
});

afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

test('links inside the chart are followed', async () => {
  await put('shared/a.yaml', 'a: 1');
  await mkdir(join(root, 'templates'));
  await symlink('../shared/a.yaml', join(root, 'templates/a.yaml'));
  const chart = await loadChart(root);
  expect(chart.templates.map(({ name }) => name)).toEqual(['templates/a.yaml']);
});

test.each(['/etc/hostname', '../outside', '..'])('a link to %s is refused', async (target) => {
  await symlink(target, join(root, 'link'));
  await writeFile(join(dirname(root), 'outside'), 'x');
  await expect(loadChart(root)).rejects.toMatchObject({ code: 'UnsafePath', file: 'link' });
  await rm(join(dirname(root), 'outside'));
});

test.each(['Chart.lock', 'values.yaml', '.helmignore', 'templates', 'templates/a.yaml', 'charts', 'charts/a.tgz'])(
  'a link %s out of the chart is refused',
  async (path) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(tmpdir(), join(root, path));
    await expect(loadChart(root)).rejects.toMatchObject({ code: 'UnsafePath', file: path });
  },
);

test('links out of the chart are followed on request', async () => {
  const outside = join(dirname(root), `${basename(root)}-outside`);
  await mkdir(outside);
  await writeFile(join(outside, 'a.yaml'), 'a: 1');
  await symlink(outside, join(root, 'templates'));
  const chart = await loadChart(root, { links: 'follow-all' });
  expect(chart.templates.map(({ name }) => name)).toEqual(['templates/a.yaml']);
  await rm(outside, { recursive: true });
});

test('the target of a dangling link is named as missing', async () => {
  await symlink('missing/inner', join(root, 'link'));
  const folder = await realpath(root);
  await expect(loadChart(root)).rejects.toThrow(
    `error evaluating symlink ${folder}/link: lstat ${folder}/missing: no such file or directory`,
  );
});

test('a cycle of links is refused', async () => {
  await mkdir(join(root, 'a'));
  await symlink('.', join(root, 'a/loop'));
  await expect(loadChart(root)).rejects.toMatchObject({ name: 'ChartError' });
});

test('.helmignore leaves files out, and dot files in templates are always left out', async () => {
  await put('.helmignore', '# comment\n*.md\n/only-here\nsecret/\n');
  await Promise.all(
    ['README.md', 'only-here', 'sub/only-here', 'secret/key', 'templates/.hidden'].map((path) => put(path, 'x')),
  );
  const chart = await loadChart(root);
  expect(chart.files.map(({ name }) => name)).toEqual(['.helmignore', 'sub/only-here']);
  expect(chart.templates).toEqual([]);
});

test('double stars in .helmignore are refused, as by Helm', async () => {
  await put('.helmignore', '**/x\n');
  await expect(loadChart(root)).rejects.toMatchObject({ code: 'InvalidChart' });
});

test('a path that does not exist', async () => {
  await expect(loadChart(join(root, 'missing'))).rejects.toMatchObject({ code: 'Unreadable' });
});
