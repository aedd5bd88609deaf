import { expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../../support/eventually.ts';
import { describeOnRealNode } from '../../support/real-node/real-node.ts';
import { CONTROLLERS } from '../machine/groups.ts';
import { runDirectories } from '../runs.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const PATIENCE = { timeoutMs: 120_000 };

type Run = { readonly owner: ChildProcess; readonly directory: string; readonly temporary: string };

/** A run within this one, with a folder of its own for what is temporary. */
const startRun = async (temporary: string): Promise<Run> => {
  const command = [
    'sh',
    '-c',
    'kubectl create deployment web --image=registry.test/web:1 && kubectl rollout status deployment/web && sleep 600',
  ];
  const env = { ...process.env, TMPDIR: temporary };
  const owner = spawn(process.execPath, [MAIN, 'run', ...command], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  owner.stdout.on('data', (data) => (said += String(data)));
  await eventually(
    () => said,
    (text) => text.includes('successfully rolled out'),
    PATIENCE,
  );
  const [directory = ''] = await runDirectories(temporary);
  return { owner, directory, temporary };
};

const groupsOf = ({ directory }: Run): string[] =>
  CONTROLLERS.map((controller) => join('/sys/fs/cgroup', controller, directory.split('/').at(-1) ?? '')).filter(
    existsSync,
  );

const processesOf = ({ directory }: Run): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory);
      } catch {
        return false;
      }
    });

const mountsOf = ({ directory }: Run): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(directory));

const keeperOf = ({ directory }: Run): number => Number(readFileSync(join(directory, 'keeper'), 'utf8'));

describeOnRealNode('the end of a real node', () => {
  const temporary = (): string => mkdtempSync(join(tmpdir(), 'lifetime-'));

  test('leaves nothing behind where the process that started it is killed', async () => {
    const run = await startRun(temporary());
    expect(groupsOf(run)).not.toEqual([]);
    expect(processesOf(run)).not.toEqual([]);
    run.owner.kill('SIGKILL');
    await eventually(
      () => [...processesOf(run), ...groupsOf(run), ...readdirSync(run.temporary)],
      (left) => expect(left).toEqual([]),
    );
    expect(mountsOf(run)).toEqual([]);
  });

  test('leaves no process where its keeper is killed too, and the next start removes the rest', async () => {
    const run = await startRun(temporary());
    const keeper = keeperOf(run);
    // Stopped, it cannot remove anything before it is killed.
    process.kill(keeper, 'SIGSTOP');
    run.owner.kill('SIGKILL');
    process.kill(keeper, 'SIGKILL');
    await eventually(
      () => processesOf(run),
      (left) => expect(left).toEqual([]),
    );
    expect(groupsOf(run)).not.toEqual([]);
    const next = await startRun(run.temporary);
    expect(groupsOf(run)).toEqual([]);
    expect(existsSync(run.directory)).toBe(false);
    next.owner.kill('SIGTERM');
    await eventually(
      () => [...processesOf(next), ...groupsOf(next), ...readdirSync(next.temporary)],
      (left) => expect(left).toEqual([]),
    );
  });
});
