import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { run as lint } from '../../../../cli/charts/lint.ts';
import { plainTerminal } from '../plain-terminal.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lint-'));
  await put({
    'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
    'values.yaml': 'a: 1\n',
    'templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: "{{ .Values.a }}"}\n',
  });
});
afterEach(() => rm(root, { recursive: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}
async function linted(...args: string[]): Promise<{ code: number; out: string }> {
  const terminal = plainTerminal();
  const code = await lint([root, ...args], terminal);
  return { code, out: terminal.written.out };
}

describe('lint', () => {
  test('passes a good chart', async () => {
    await expect(linted()).resolves.toEqual({ code: 0, out: 'c 1.0.0, with the default values: nothing wrong\n' });
  });

  test('shows where a template fails', async () => {
    await put({ 'templates/b.yaml': 'a: 1\nb:\t{{ .Values.a.b.c }}\n' });
    const { code, out } = await linted();
    expect(code).toBe(1);
    expect(out).toContain('error: with the default values: c/templates/b.yaml:2:');
    expect(out).toContain('\n  2 | b:{{ .Values.a.b.c }}\n    |             ^\n');
    expect(out).toContain('1 error, 0 warnings');
  });

  test.each([
    [[], 'v4.3.2 {"a":2,"b":3}'],
    [['--helm-version', 'v4'], 'v4.3.2 {"a":2,"b":3}'],
    [['--helm-version', 'v3'], 'v3.22.0 {"a":1}'],
  ])('%j reads and renders as that Helm does', async (flags, told) => {
    const fails = '{{ fail (cat .Capabilities.HelmVersion.Version (toJson .Values)) }}';
    await put({ 'templates/b.yaml': fails, 'values.yaml': '', 'more.yaml': 'a: 1\n---\na: 2\nb: 3\n' });
    expect((await linted('-f', join(root, 'more.yaml'), ...flags)).out).toContain(told);
    await put({ 'ci/more-values.yaml': 'a: 1\n---\na: 2\nb: 3\n' });
    expect((await linted(...flags)).out).toContain(told);
  });

  test('reports what Helm warns about, and a file in crds/ that makes an install with Helm fail', async () => {
    await put({
      'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\ndeprecated: true\n',
      'crds/a.yaml': '# none\n',
    });
    const { code, out } = await linted();
    expect(code).toBe(1);
    expect(out).toContain('warning: with the default values: this chart is deprecated');
    expect(out).toContain('error: c/crds/a.yaml has no objects');
  });

  test('accepts no other version of Helm', async () => {
    await expect(linted('--helm-version', '3')).rejects.toThrow('--helm-version=3 is not known: use v3 or v4');
  });

  test('shows the rendered line that is not YAML, and an invalid object', async () => {
    await put({ 'templates/b.yaml': '{{ range until 3 }}# {{ . }}\n{{ end }}a: {{ "[" }}\n' });
    expect((await linted()).out).toMatch(/c\/templates\/b.yaml.*\(line \d of the rendered file\)\n  \d \| /);
    await put({ 'templates/b.yaml': 'a: {{ .Values.a }}\n' });
    const { code, out } = await linted();
    expect(code).toBe(1);
    expect(out).toContain('\n  1 | a: 1\n');
  });

  test('renders with each file in ci/, also ignored ones, and with the given values over them', async () => {
    await put({
      '.helmignore': 'ci/\n',
      'ci/one-values.yaml': 'a: one\n',
      'ci/two-values.yml': 'a: {b: 2}\n',
      'ci/other.yaml': 'a: [',
      'templates/b.yaml': '{{ if kindIs "map" .Values.a }}{{ fail "a map" }}{{ end }}',
    });
    const { code, out } = await linted();
    expect(code).toBe(1);
    expect(out).toMatch(/^error: with ci\/two-values.yml: .*a map$/m);
    expect(out).toContain('c 1.0.0, with ci/one-values.yaml, ci/two-values.yml: 1 error,');
    expect((await linted('--set', 'a=text')).code).toBe(0);
  });

  test('checks values by the schema', async () => {
    await put({ 'values.schema.json': '{"properties": {"a": {"type": "string"}}}' });
    const { code, out } = await linted();
    expect(code).toBe(1);
    expect(out).toMatch(/a.*string/);
    expect((await linted('--set-string', 'a=1')).code).toBe(0);
  });

  test('finds what packing refuses', async () => {
    await put({ 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: db, version: "1"}]\n' });
    const { code, out } = await linted();
    expect(code).toBe(1);
    expect(out).toContain('missing in charts/ directory: db');
  });

  test('warns, and with --strict fails for warnings', async () => {
    await put({ 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: "1.0"\n' });
    const { code, out } = await linted();
    expect(code).toBe(0);
    expect(out).toMatch(/^warning: the version 1.0 is not a strict/);
    expect((await linted('--strict')).code).toBe(1);
  });

  test('knows the cluster that its flags describe', async () => {
    await put({
      'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\nkubeVersion: ">=1.30"\n',
      'templates/b.yaml': '{{ if not (.Capabilities.APIVersions.Has "x.example/v1") }}{{ fail "no x" }}{{ end }}',
    });
    expect((await linted('--api-versions', 'x.example/v1')).code).toBe(0);
    expect((await linted()).out).toContain('no x');
    expect((await linted('--kube-version', '1.29.0')).out).toContain('kubeVersion');
  });

  test('does not render a library', async () => {
    await put({ 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\ntype: library\n' });
    await expect(linted()).resolves.toEqual({ code: 0, out: 'c 1.0.0, a library, not rendered: nothing wrong\n' });
  });

  test('names values that cannot be read', async () => {
    await put({ 'ci/one-values.yaml': '- a\n' });
    await expect(linted()).rejects.toMatchObject({ code: 'Unreadable', message: expect.stringContaining('ci/one') });
  });
});
