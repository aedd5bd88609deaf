// The kubectl plugins' one way in and one way out: the first argument names the plugin, the rest is its command line.
import { dirname } from 'node:path';

import { adviceFor, isForUsers } from './words/advice.ts';
import type { Command, ExitCode } from './command.ts';
import { ClientError } from '../client/messages/index.ts';
import { CliError } from './errors.ts';
import { printableLines, processTerminal } from './terminal.ts';

const ROOT = dirname(import.meta.dirname);
/** The exit code that a shell gives for a program that was ended by a closed pipe. */
const BROKEN_PIPE = 141;

/** Loaded when called, so that none waits for what only another needs. */
const PLUGINS = new Map<string, () => Promise<Command>>([
  ['create-release', async () => (await import('./release/change/create.ts')).createRelease],
  ['complete-release', async () => (await import('./completion/complete.ts')).complete],
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
    return error instanceof ClientError && error.code === 'Usage' ? 2 : 1;
  }
}

function reportOf(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (isMissingPackage(error)) return `error: npm's packages are not installed: run \`make setup\` in ${ROOT}`;
  const advice = isForUsers(error) ? adviceFor(error) : defectReport(error);
  return printableLines(`error: ${error.message}${advice === undefined ? '' : `\n${advice}`}`);
}

/** The errors of every library of the project say what is to be said; of any other, the place is worth knowing to whoever asks for it. */
function defectReport({ stack = '' }: Error): string {
  if (process.env['COXSWAIN_DEBUG']) return stack;
  return 'This is a bug in the command. Please report it with what COXSWAIN_DEBUG=1 adds to this message.';
}

function isMissingPackage(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.startsWith('Cannot find package');
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
