import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleCommand } from '../../../tools/command/bundle.ts';
import { run } from '../../support/cluster/kubectl.ts';

// The command as npm installs it from its tarball, in a folder where there is nothing else.

const root = mkdtempSync(join(tmpdir(), 'installed-'));
const CHART = join(import.meta.dirname, '..', '..', '..', 'examples', 'charts', 'hello');
const program = join(root, 'node_modules', '.bin', 'kubectl-release');
const env = { HOME: root, XDG_CACHE_HOME: root, KUBECONFIG: '', NODE_OPTIONS: '', COXSWAIN_NODE: process.execPath };

beforeAll(async () => {
  const folder = join(root, 'command');
  await bundleCommand(folder);
  const packed = await run('npm', ['pack', folder, '--pack-destination', root], { env });
  writeFileSync(join(root, 'package.json'), '{"private": true}');
  const archive = join(root, packed.stdout.trim().split('\n').at(-1) ?? '');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--prefix', root];
  expect(await run('npm', ['install', archive, ...quiet], { env })).toMatchObject({ code: 0 });
}, 120_000);
afterAll(() => rmSync(root, { recursive: true }));

test('it needs nothing but Node', async () => {
  expect(await run(program, ['version', '--client'], { env })).toMatchObject({ code: 0, stderr: '' });
  expect(await run(program, ['template', 'r', CHART], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('kind: Deployment'),
  });
  const create = await run(join(root, 'node_modules', '.bin', 'kubectl-create-release'), ['--help'], { env });
  expect(create.stdout).toMatch(/^Usage: kubectl create release /);
});

test('an outdated Node is reported', async () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '18.0.0' })";
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(old)}`;
  const { code, stderr } = await run(program, ['list'], { env: { ...env, NODE_OPTIONS } });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^error: Node 22\.19 or newer is needed, .*\n$/),
  });
});
