import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from '@jest/globals';

import { run } from '../../support/cluster/kubectl.ts';
import type { Outcome } from '../../support/cluster/kubectl.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const home = mkdtempSync(join(tmpdir(), 'home-'));
afterAll(() => rmSync(home, { recursive: true }));

/** No cluster, no cache, and nothing else of whoever runs the tests. */
const ENVIRONMENT = {
  HOME: home,
  XDG_CACHE_HOME: home,
  KUBECONFIG: '',
  NODE_OPTIONS: '',
  COXSWAIN_NODE: process.execPath,
};

function plugin(args: readonly string[], env: Readonly<Record<string, string>> = {}, root = ROOT): Promise<Outcome> {
  return run(join(root, 'cli', 'bin', 'kubectl-release'), args, { env: { ...ENVIRONMENT, ...env } });
}

/** An option of Node's by which a module runs before the program. */
function before(code: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

describe('a failure says what to do', () => {
  test('with an old Node', async () => {
    const old = before("Object.defineProperty(process.versions, 'node', { value: '20.20.2' })");
    const { code, stderr } = await plugin(['--help'], { NODE_OPTIONS: old });
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(stderr).toMatch(/^error: Node 22\.19 or newer is needed, and .* is 20\.20\.2: .*COXSWAIN_NODE/);
  });

  test('in a fresh clone', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'clone-'));
    for (const folder of [
      'cli',
      'client',
      'crds',
      'kube',
      'golang',
      'resources',
      'registry-client',
      'chart-renderer',
    ]) {
      cpSync(join(ROOT, folder), join(clone, folder), { recursive: true });
    }
    writeFileSync(join(clone, 'package.json'), '{"type": "module"}');
    expect(await plugin(['--help'], {}, clone)).toMatchObject({ code: 0, stderr: '' });
    const outcome = await plugin(['status', 'web'], {}, clone);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toBe(`error: npm's packages are not installed: run \`make setup\` in ${clone}\n`);
    rmSync(clone, { recursive: true });
  });

  test.each([['status'], ['history'], ['list']])('%s without a kubeconfig', async (command) => {
    const outcome = await plugin([command, ...(command === 'list' ? [] : ['web'])]);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /^error: .*no kubeconfig found: KUBECONFIG names none, .*\nName a kubeconfig by .*\n$/,
    );
  });

  test.each(['package', 'lint', 'template'])('%s of a path where no chart is', async (command) => {
    const named = command === 'template' ? ['web', './nowhere'] : ['./nowhere'];
    const { code, stderr } = await plugin([command, ...named]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*nowhere cannot be read: .*\nCorrect it, or name another one, .*\n$/);
  });

  const HELLO = join(ROOT, 'examples', 'charts', 'hello');

  test.each([
    ['package', HELLO, '--destination'],
    ['template', 'web', HELLO, '--output-dir'],
  ])('%s into a folder that cannot be made', async (...args) => {
    const { code, stderr } = await plugin([...args, '/proc/x/y']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: \/proc\/x\/y\/.* cannot be written: .*\nName a place that can be written, .*\n$/);
  });

  test('but not where its output is closed', async () => {
    const path = join(ROOT, 'cli', 'bin', 'kubectl-release');
    const child = spawn(path, ['--help'], { env: { ...process.env, ...ENVIRONMENT }, stdio: 'pipe' });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 141 });
  });
});

test('a server that cannot be reached is tried once', async () => {
  const kubeconfig = join(home, 'config');
  const cluster = { name: 'c', cluster: { server: 'https://127.0.0.1:1' } };
  const config = { clusters: [cluster], users: [{ name: 'u', user: {} }], contexts: [], 'current-context': 'x' };
  const context = { name: 'x', context: { cluster: 'c', user: 'u' } };
  writeFileSync(kubeconfig, JSON.stringify({ ...config, contexts: [context] }));
  const told = before(
    "import { subscribe } from 'node:diagnostics_channel'; subscribe('undici:client:connectError', () => console.error('tried'))",
  );
  const { code, stderr } = await plugin(['status', 'web', '--kubeconfig', kubeconfig], { NODE_OPTIONS: told });
  expect({ code, tries: stderr.split('\n').filter((line) => line === 'tried').length }).toEqual({ code: 1, tries: 1 });
  expect(stderr).toContain('ECONNREFUSED');
});

test.each(['x', '-1', '65536'])('a dashboard is not served at port %s', async (port) => {
  const outcome = await plugin(['dashboard', `--port=${port}`]);
  expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining(`--port ${port} is not a port`) });
});

test.each([
  ['release', '--help'],
  ['release', 'status', '--help'],
  ['create-release', '--help'],
])('%j loads few files', async (...args) => {
  const hook = before(
    "import { registerHooks } from 'node:module'; registerHooks({ load: (url, context, next) => (url.startsWith('file:') && console.error(url), next(url, context)) })",
  );
  const path = join(ROOT, 'cli', 'bin', 'run.mjs');
  const { stderr, stdout } = await run(process.execPath, [hook, path, ...args], { env: ENVIRONMENT });
  const loaded = stderr.split('\n').filter((line) => line.startsWith('file:'));
  expect(stdout).toContain('Usage:');
  expect(loaded.filter((url) => !/\/(cli|crds|client\/(messages|releases)|golang\/duration)\//.test(url))).toEqual([]);
});
