// The program that owns a control plane's processes. It runs detached from whoever started it and reads orders from standard
// input, one JSON object a line; when that ends, for whatever reason, it kills every process and removes the run directory.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { ComponentSpec, SupervisorReport } from './supervision.ts';

const directory = process.argv[2] ?? '';
const running = new Map<string, ChildProcess>();
let ending = false;

function start(spec: ComponentSpec): void {
  const log = openSync(spec.log, 'a');
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory, ...spec.env };
  const child = spawn(spec.path, spec.args, { cwd: directory, env, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', (error) => {
    appendFileSync(spec.log, `${error.message}\n`);
    ended(spec.name, error.message);
  });
  child.on('exit', (code, signal) => ended(spec.name, signal ?? `code ${code}`));
  if (child.pid === undefined) return;
  running.set(spec.name, child);
  recordProcess(spec.name, child.pid);
  report({ event: 'started', name: spec.name, pid: child.pid });
}

function ended(name: string, how: string): void {
  running.delete(name);
  if (!ending) report({ event: 'exited', name, how });
  else if (running.size === 0) finish();
}

function end(): void {
  if (ending) return;
  ending = true;
  // Nothing of what they hold is needed again, so none of them is asked to finish in good order.
  for (const child of running.values()) child.kill('SIGKILL');
  if (running.size === 0) finish();
}

function finish(): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

/** The next start kills what stands here if this process was itself killed. */
function recordProcess(name: string, pid: number): void {
  appendFileSync(join(directory, 'processes'), `${pid} ${name}\n`);
}

function report(line: SupervisorReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

recordProcess('supervisor', process.pid);
// The reader of the reports may be gone; the end of standard input tells that.
process.stdout.on('error', end);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
createInterface({ input: process.stdin })
  .on('line', (line) => start(JSON.parse(line) as ComponentSpec))
  .on('close', end);
