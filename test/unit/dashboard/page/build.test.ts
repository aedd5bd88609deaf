import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..', '..');
let directory = '';
let told = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'page-'));
  // As `make dist` names it: relative to where it runs.
  const args = ['tools/page.ts', relative(root, directory)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  told = stdout;
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test('the page is built, and all of it is less than 100 KB compressed', () => {
  const [, bytes] = /(\d+) {2}bytes compressed/.exec(told) ?? [];
  expect(Number(bytes)).toBeGreaterThan(10_000);
  expect(Number(bytes)).toBeLessThan(100_000);
});

test('the page has no inline scripts or styles, and requests nothing from elsewhere', async () => {
  const html = await readFile(join(directory, 'index.html'), 'utf8');
  expect(html).toMatch(/<script type="module"[^>]* src="\/assets\/[^"]+\.js"><\/script>/);
  expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]* src=)[^>]*>/);
  expect(html).not.toMatch(/https?:\/\//);
});
