import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { eventually } from '../../support/eventually.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'examples', 'demo', 'main.ts');
/** Enough for the first build of the control plane. */
const TIMEOUT_MS = 1_200_000;
/** Once this is said, the controller runs. */
const AT_WORK = /runs as process (\d+),[\s\S]*?Its log:\s+(\S+)\n/;

const startDemo = (env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, CHARTS: '', ...env }, stdio: 'pipe' });
  const screen = { text: '', errors: '' };
  child.stdout.on('data', (data) => (screen.text += String(data)));
  child.stderr.on('data', (data) => (screen.errors += String(data)));
  const exited = once(child, 'close') as Promise<[number | null, string | null]>;
  const shows = async (text: string | RegExp): Promise<void> => {
    const holds = ({ text: shown, errors }: typeof screen): boolean => {
      if (child.exitCode !== null) throw new Error(`the demo has ended: ${errors}`);
      return shown.search(text) !== -1;
    };
    await eventually(() => screen, holds, { timeoutMs: TIMEOUT_MS - 60_000 });
  };
  return { child, screen, exited, shows };
};

/** Neither the controller's process nor the run directory, which goes when the last process of the control plane is gone. */
const eventuallyNothingIsLeft = async (screen: { text: string }): Promise<void> => {
  const [, pid = '', logFile = ''] = AT_WORK.exec(screen.text) ?? [];
  const directory = dirname(dirname(logFile));
  const left = (): unknown[] => [...(isAlive(Number(pid)) ? [pid] : []), ...(existsSync(directory) ? [directory] : [])];
  expect(pid).not.toBe('');
  await eventually(left, (found) => found.length === 0);
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the demo', () => {
  test(
    'tells its story, stays up, and leaves nothing behind after Ctrl-C',
    async () => {
      const { child, screen, exited, shows } = startDemo();
      await shows('The cluster stays up until Ctrl-C');
      child.kill('SIGINT');
      expect(await exited).toEqual([0, null]);
      await eventuallyNothingIsLeft(screen);
    },
    TIMEOUT_MS,
  );

  test(
    'leaves nothing behind when it is killed',
    async () => {
      const { child, screen, exited, shows } = startDemo();
      await shows('== A release');
      child.kill('SIGKILL');
      await exited;
      await eventuallyNothingIsLeft(screen);
    },
    TIMEOUT_MS,
  );

  test(
    'fails loudly where a step does not do what it says',
    async () => {
      const charts = await mkdtemp(join(tmpdir(), 'coxswain-demo-'));
      await mkdir(join(charts, 'hello'));
      await writeFile(join(charts, 'hello', 'Chart.yaml'), 'apiVersion: v2\nname: hello\nversion: 1.0.0\n');
      const { screen, exited } = startDemo({ DEMO: 'once', CHARTS: charts });
      expect(await exited).toEqual([1, null]);
      expect(screen.errors).toContain('FAILED: not so: the tree shows a Green Deployment');
      await eventuallyNothingIsLeft(screen);
      await rm(charts, { recursive: true });
    },
    TIMEOUT_MS,
  );
});
