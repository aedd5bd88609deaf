import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';

import { CliError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** How a command ended; 3 is for differences found, as a result and not a failure. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A command: takes the arguments after its name, writes to the terminal, throws what it cannot handle. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;

/** Whether an argument asks for help. */
export function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

/** Reads a command line as `parseArgs` does, but takes `-n=shop` as kubectl does; throws for what is not understood. */
export function readArguments<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  return parseArgs({
    args: args.map((argument) => argument.replace(/^(-[a-zA-Z])=/, '$1')),
    options,
    allowPositionals: true,
  });
}

/** The only positional arguments of a command: as many as there are names; throws CliError Usage. */
export function positionalsOf(positionals: readonly string[], required: number, names: readonly string[]): string[] {
  if (positionals.length >= required && positionals.length <= names.length) return [...positionals];
  const missing = names.slice(positionals.length, required);
  const extra = positionals.slice(names.length);
  throw new CliError(
    'Usage',
    missing.length > 0 ? `${missing.join(' and ')} missing` : `unexpected arguments: ${extra.join(' ')}`,
  );
}

/** The number of a version as the user writes it: `3` or `v3`; throws CliError Usage. */
export function versionNumber(text: string): number {
  const digits = /^v?([1-9]\d{0,8})$/.exec(text)?.[1];
  if (digits === undefined) throw new CliError('Usage', `"${text}" is not a version number such as 3`);
  return Number(digits);
}
