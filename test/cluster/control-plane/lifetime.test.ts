import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { startControlPlane } from '../../control-plane/index.ts';
import { eventually } from '../../support/eventually.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'control-plane', 'main.ts');
const TIMEOUT_MS = 1_200_000;

type Traces = { directory: string; pids: ReadonlyMap<string, number>; ports: number[] };
type Owner = Traces & { process: ChildProcessByStdio<null, Readable, null> };

/** A process of its own that has started a control plane, and what that consists of. */
const startOwner = async (): Promise<Owner> => {
  const owner = spawn(process.execPath, [MAIN, 'up'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: owner.stdout })) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  const kubeconfig = lines[0]?.replace('export KUBECONFIG=', '') ?? '';
  const directory = dirname(kubeconfig);
  const records = readFileSync(join(directory, 'processes'), 'utf8').trim().split('\n');
  const pids = new Map(records.map((record) => record.split(' ')).map(([pid, name]) => [name ?? '', Number(pid)]));
  const server = readFileSync(kubeconfig, 'utf8').match(/https:\/\/127\.0\.0\.1:(\d+)/)?.[1];
  const etcd = readFileSync(`/proc/${pids.get('etcd')}/cmdline`, 'utf8').matchAll(/127\.0\.0\.1:(\d+)/g);
  const registry = lines[1]?.split(':').at(-1);
  const ports = [server, registry, ...[...etcd].map((match) => match[1])].map(Number);
  return { process: owner, directory, pids, ports: [...new Set(ports)] };
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const isListening = async (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.unref();
  });

const remains = async (owner: Traces): Promise<string[]> => {
  const alive = [...owner.pids].filter(([, pid]) => isAlive(pid)).map(([name]) => name);
  const listening = await Promise.all(owner.ports.map(async (port) => ((await isListening(port)) ? [`${port}`] : [])));
  return [...alive, ...listening.flat(), ...(existsSync(owner.directory) ? [owner.directory] : [])];
};

const eventuallyNothingRemains = async (owner: Traces): Promise<void> => {
  await eventually(
    () => remains(owner),
    (left) => expect(left).toEqual([]),
  );
};

describe('the end of a control plane', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'leaves nothing behind when its owner gets %s',
    async (signal) => {
      const owner = await startOwner();
      expect(owner.pids.size).toBe(7);
      expect(owner.ports).toHaveLength(4);
      expect(await remains(owner)).toHaveLength(7 + 4 + 1);
      owner.process.kill(signal);
      await once(owner.process, 'exit');
      await eventuallyNothingRemains(owner);
    },
    TIMEOUT_MS,
  );

  test(
    'is carried out by the owner when only the supervisor is killed',
    async () => {
      const controlPlane = await startControlPlane();
      const { directory, pids } = controlPlane;
      process.kill(pids.get('supervisor') ?? 0, 'SIGKILL');
      await eventuallyNothingRemains({ directory: '', pids, ports: [] });
      await controlPlane.stop();
      expect(existsSync(directory)).toBe(false);
    },
    TIMEOUT_MS,
  );

  test(
    'is completed at the next start when owner and supervisor are killed at once',
    async () => {
      const owner = await startOwner();
      owner.process.kill('SIGSTOP');
      process.kill(owner.pids.get('supervisor') ?? 0, 'SIGKILL');
      owner.process.kill('SIGKILL');
      await once(owner.process, 'exit');
      expect(await remains(owner)).not.toEqual([]);
      const next = await startControlPlane();
      await eventuallyNothingRemains(owner);
      await next.stop();
      expect(existsSync(next.directory)).toBe(false);
    },
    TIMEOUT_MS,
  );
});
