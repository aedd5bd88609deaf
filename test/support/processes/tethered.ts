import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** A program that ends with this process, however that ends. */
export type Tethered = {
  readonly pid: number;
  /** Resolves when the process is gone, with its exit code, or 1 after a signal. */
  readonly exited: Promise<number>;
  /** Sends a signal and does not wait. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it by SIGTERM, by SIGKILL after the 30 s that a pod has, and resolves with its exit code. May be called again. */
  stop(): Promise<number>;
};

const STOP_TIMEOUT_MS = 30_000;

/** Starts a program whose output is added to a file. Throws where it cannot be started. */
export async function tethered(
  logFile: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Tethered> {
  const tether = spawn(process.execPath, [join(import.meta.dirname, 'tether.ts'), logFile, ...command], {
    // In a session of its own a Ctrl-C in the terminal does not reach it.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const exited = new Promise<number>((resolve) => tether.on('close', (code) => resolve(code ?? 1)));
  const pid = Number(await firstLine(tether.stdout));
  if (!(pid > 0)) throw new Error(`${command.join(' ')} could not be started`);
  // It does not keep this process alive: the end of this process is to end it.
  tether.unref();
  (tether.stdin as Socket).unref();
  const kill = (signal: NodeJS.Signals): void => {
    if (tether.exitCode !== null || tether.signalCode !== null) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      // It may have ended, and its tether not yet.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const stop = async (): Promise<number> => {
    tether.ref();
    kill('SIGTERM');
    const late = setTimeout(() => tether.stdin.end(), STOP_TIMEOUT_MS);
    return exited.finally(() => clearTimeout(late));
  };
  return { pid, exited, kill, stop };
}

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  return '';
}
