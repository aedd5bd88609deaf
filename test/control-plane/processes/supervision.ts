import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One process to run: its program, arguments and environment, and the file that gets its output. */
export type ComponentSpec = {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly log: string;
};

/** What the supervisor says of a process: one JSON object a line on its standard output. */
export type SupervisorReport =
  { event: 'started'; name: string; pid: number } | { event: 'exited'; name: string; how: string };

/** Runs processes that end when `stop` is called or this process is gone, however it went. */
export type Supervision = {
  /** The process ids by component name; `supervisor` is the supervisor's own. */
  readonly pids: Map<string, number>;
  /** Starts a process; its exit before `stop` is told to `onExit`. */
  start(spec: ComponentSpec): void;
  /** Resolves when every process is gone and the run directory is removed. */
  stop(): Promise<void>;
};

/**
 * Starts a supervisor for the run directory `directory`. It keeps running until this process ends or calls `stop`, and does not
 * itself keep this process alive.
 */
export function superviseIn(directory: string, onExit: (component: string, how: string) => void): Supervision {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts'), directory], {
    // In a session of its own a Ctrl-C in the terminal does not reach it.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  const pids = new Map<string, number>();
  if (child.pid !== undefined) pids.set('supervisor', child.pid);
  child.stdin.on('error', (error) => onExit('supervisor', error.message));
  child.on('error', (error) => onExit('supervisor', error.message));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as SupervisorReport;
    if (report.event === 'started') pids.set(report.name, report.pid);
    else onExit(report.name, report.how);
  });
  const end = watchEnd(child, directory, pids, onExit);
  letOwnerExit(child);
  return {
    pids,
    start: (spec) => void child.stdin.write(`${JSON.stringify(spec)}\n`),
    stop: end,
  };
}

function watchEnd(
  child: ChildProcess,
  directory: string,
  pids: ReadonlyMap<string, number>,
  onExit: (component: string, how: string) => void,
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  child.on('exit', (code, signal) => {
    if (stopping !== undefined) return;
    for (const pid of pids.values()) killIfAlive(pid);
    onExit('supervisor', signal ?? `code ${code}`);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.ref();
      const exited = once(child, 'exit');
      child.stdin?.end();
      await exited;
    }
    // The supervisor did this, unless it was killed.
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return () => (stopping ??= stop());
}

function letOwnerExit(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as Socket).unref();
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
