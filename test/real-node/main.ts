import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { MachineLacks } from './machine/lacks.ts';
import { initOf, prepareParts, runOnRealNode, type Parts } from './real-node.ts';
import { findRun } from './runs.ts';

const USAGE = `usage: node test/real-node/main.ts build | up [COMMAND...] | run COMMAND... | enter [COMMAND...]
  build   find, fetch or build every program; says so where this machine cannot run a node
  up      start a cluster with one real node and keep it until Ctrl-C, or until a command ends that runs in it
  run     the same for a command of tests; where this machine cannot, REAL_NODE_LACKS tells the command why
  enter   run a command, or a shell, beside the cluster of 'up'
`;

/** Whatever hangs, the run must end; a run of all stories takes five minutes. */
const RUN_LIMIT_MS = 1_800_000;

async function build(): Promise<number> {
  const parts = await partsOrLack();
  if (!(parts instanceof MachineLacks)) {
    for (const [name, path] of Object.entries(parts.binaries)) process.stdout.write(`${name.padEnd(24)} ${path}\n`);
  }
  return 0;
}

async function up(command: readonly string[]): Promise<number> {
  const interrupted = onSignals();
  const stay = [process.execPath, join(import.meta.dirname, 'up.ts')];
  const code = await runOnRealNode(await prepareParts(), command.length > 0 ? command : stay, interrupted);
  return interrupted.aborted ? 0 : code;
}

async function run(command: readonly string[]): Promise<number> {
  const interrupted = onSignals();
  const parts = await partsOrLack();
  if (parts instanceof MachineLacks) return runHere(command, { REAL_NODE_LACKS: parts.message });
  const tooLong = AbortSignal.timeout(RUN_LIMIT_MS);
  const say = (): void => void process.stderr.write('the command on the real node was ended: it took too long\n');
  tooLong.addEventListener('abort', say);
  return runOnRealNode(parts, command, AbortSignal.any([interrupted, tooLong]));
}

async function enter(command: readonly string[]): Promise<number> {
  const directory = await findRun();
  if (directory === undefined) throw new Error("no cluster is running: start one with 'make real-node'");
  const environment = JSON.parse(await readFile(join(directory, 'environment.json'), 'utf8')) as Record<string, string>;
  const target = ['--target', String(await initOf(directory)), '--mount', '--net', '--pid', '--uts', '--ipc'];
  return runHere(['nsenter', ...target, ...(command.length > 0 ? command : ['bash'])], {
    ...environment,
    TMPDIR: directory,
  });
}

async function runHere(command: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** Says what the machine lacks before it returns that; whatever else is wrong is thrown. */
async function partsOrLack(): Promise<Parts | MachineLacks> {
  try {
    return await prepareParts();
  } catch (error) {
    if (!(error instanceof MachineLacks)) throw error;
    process.stderr.write(`${lackOf(error)}\n`);
    return error;
  }
}

function lackOf({ message }: MachineLacks): string {
  return `no real node on this machine: ${message}`;
}

function onSignals(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  return interrupted.signal;
}

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { build, up, run, enter };
const command = COMMANDS[process.argv[2] ?? ''];

if (command === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = await command(process.argv.slice(3)).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof MachineLacks ? lackOf(error) : message}\n`);
    return 1;
  });
}
