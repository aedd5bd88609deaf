import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';

import { run, type Outcome } from '../../support/cluster/kubectl.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'real-node', 'main.ts');
const isRoot = process.getuid?.() === 0;
const testAsRoot = isRoot && process.platform === 'linux' ? test : test.skip;

/** Runs a command "on a real node", the whole with fewer rights than this process has. */
const runWith = async (...without: readonly string[]): Promise<Outcome> =>
  run('setpriv', [...without, process.execPath, MAIN, 'run', 'printenv', 'REAL_NODE_LACKS']);

describe('where a machine cannot run a real node', () => {
  testAsRoot('a command runs all the same and is told that root is lacking', async () => {
    const { code, stdout, stderr } = await runWith('--reuid=65534', '--clear-groups');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'it needs root\n' });
    expect(stderr).toContain('no real node on this machine: it needs root');
  });

  testAsRoot('root without the right to make namespaces is told that', async () => {
    const { code, stdout } = await runWith('--bounding-set=-sys_admin', '--inh-caps=-sys_admin');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^it needs (namespaces of its own: |cgroups |runc, )/);
  });

  testAsRoot('the exit code is that of the command', async () => {
    const args = ['--reuid=65534', '--clear-groups', process.execPath, MAIN, 'run', 'sh', '-c', 'exit 3'];
    expect((await run('setpriv', args)).code).toBe(3);
  });
});
