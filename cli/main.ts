// The kubectl plugins' one way in and one way out: the first argument names the plugin, the rest is its command line.
import { dirname } from 'node:path';

import type { Command, ExitCode } from './command.ts';
import { CliError } from './errors.ts';
import { printableLines, processTerminal } from './terminal.ts';

const ROOT = dirname(import.meta.dirname);
/** What a shell says of a program that a closed pipe ended. */
const BROKEN_PIPE = 141;

/** Loaded when called, so that none waits for what only another needs. */
const PLUGINS = new Map<string, () => Promise<Command>>([
  ['create-release', async () => (await import('./release/create.ts')).createRelease],
  ['release', async () => (await import('./release.ts')).release],
]);

async function runPlugin(name: string, args: readonly string[]): Promise<ExitCode> {
  try {
    const plugin = PLUGINS.get(name);
    if (plugin === undefined) throw new CliError('Usage', `there is no plugin "${name}"`);
    return await (
      await plugin()
    )(args, processTerminal);
  } catch (error) {
    processTerminal.err(reportOf(error));
    return isUsage(error) ? 2 : 1;
  }
}

function reportOf(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (isMissingPackage(error)) return `error: npm's packages are not installed: run \`make setup\` in ${ROOT}`;
  // The errors of every library of the project say what is to be said; any other is a defect, whose place is worth knowing.
  const isForUsers = 'transient' in error || isUsage(error);
  const text = isForUsers ? error.message : (error.stack ?? error.message);
  const hint = isUsage(error) ? '\nRun it with --help to see its usage.' : '';
  return `error: ${printableLines(text)}${hint}`;
}

function isMissingPackage(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.startsWith('Cannot find package');
}

function isUsage(error: unknown): boolean {
  if (error instanceof CliError) return error.code === 'Usage';
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Nobody reads any more, as after `| head -1`.
    if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
    throw error;
  });
}

const [plugin = '', ...args] = process.argv.slice(2);
// Not process.exit: what was written to a pipe has to arrive.
process.exitCode = await runPlugin(plugin, args);
