import { once } from 'node:events';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', '..', 'controller', 'main.ts');
/** Nothing listens there: the controller waits for the lease for ever. */
const NOBODY = {
  'current-context': 'c',
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'u', user: { token: 't' } }],
};

let folder: string;
let controller: ChildProcessWithoutNullStreams;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-'));
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(NOBODY));
  controller = spawn(process.execPath, [PROGRAM, `--kubeconfig=${join(folder, 'kubeconfig')}`, '--log-level=warn']);
});
afterAll(() => {
  controller.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('the log level changes on a signal, and back', async () => {
  const levels: unknown[] = [];
  for await (const line of createInterface({ input: controller.stderr })) {
    const { message, logLevel } = JSON.parse(line) as { message: string; logLevel?: string };
    if (message === 'log level') levels.push(logLevel);
    if (levels.length === 2) break;
    controller.kill('SIGUSR2');
  }
  expect(levels).toEqual(['debug', 'warn']);
  controller.kill('SIGTERM');
  expect(await once(controller, 'exit')).toEqual([0, null]);
});
