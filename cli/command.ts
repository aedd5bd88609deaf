import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';

import { CLUSTER_OPTIONS } from './cluster-options.ts';
import { CliError, reasonOf } from './errors.ts';
import { foreignFlag } from './words/foreign-words.ts';
import { nearestOf } from './words/nearest.ts';
import type { Terminal } from './terminal.ts';

/** How a command ended; 3 is for differences found, as a result and not a failure. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A command: takes the arguments after its name, writes to the terminal, throws what it cannot handle. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;

/** Whether an argument asks for help. */
export function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

/** The option that a word names, as in `-n shop`; undefined where it is none, or has its value with it. */
export function optionNamed(word: string, options: ParseArgsOptionsConfig) {
  return Object.entries(options).find(
    ([name, { short }]) => word === `--${name}` || (short !== undefined && word === `-${short}`),
  );
}

/** The arguments with the verb before the options of kubectl's that stand in front of it. */
export function verbFirst(args: readonly string[]): readonly string[] {
  let at = 0;
  for (let next = args[at]; next?.startsWith('-') && !isOwn(next) && at < args.length; next = args[at]) {
    at += optionNamed(next, CLUSTER_OPTIONS)?.[1].type === 'string' ? 2 : 1;
  }
  return [...args.slice(at), ...args.slice(0, at)];
}

/** An option that stands for a command. */
function isOwn(argument: string): boolean {
  return isHelp(argument) || argument === '--version';
}

/**
 * Reads a command line as `parseArgs` does, but takes `-n=shop` and `--wait=true` as kubectl does. Throws CliError Usage for what is not
 * understood, with the option that was probably meant.
 */
export function readArguments<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  const read = args.flatMap((argument) => asParsed(argument, options));
  try {
    return parseArgs({ args: read, options, allowPositionals: true });
  } catch (cause) {
    throw new CliError('Usage', faultOf(reasonOf(cause), options), { cause });
  }
}

function asParsed(argument: string, options: ParseArgsOptionsConfig): string[] {
  const [, name = '', value] = /^--([a-z-]+)=(true|false)$/.exec(argument) ?? [];
  if (options[name]?.type === 'boolean') return value === 'true' ? [`--${name}`] : [];
  return [argument.replace(/^(-[a-zA-Z])=/, '$1')];
}

/** What is wrong with a command line, in the words of its user. */
function faultOf(reason: string, options: ParseArgsOptionsConfig): string {
  const flag = /^Unknown option '(-[^']*)'/.exec(reason)?.[1];
  if (flag === undefined) return (reason.split('\n', 1)[0] ?? reason).replace(/^Option '([^']*)'/, 'option $1');
  const name = flag.replace(/^-+/, '');
  const foreign = foreignFlag(name);
  if (foreign !== undefined) return `${flag} is not an option here: ${foreign}`;
  const nearest = flag.startsWith('--') ? nearestOf(name, Object.keys(options)) : undefined;
  return `${flag} is not an option${nearest === undefined ? '' : `; did you mean --${nearest}?`}`;
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

/** The names of releases, one or more; throws CliError Usage where there is none. */
export function namesOf(positionals: readonly string[]): readonly string[] {
  // As `kubectl get -o name` prints them, too.
  const names = positionals.map((name) => name.replace(/^rel(eases?)?(\.coxswain\.dev)?\//, ''));
  if (names.length === 0) throw new CliError('Usage', 'NAME missing');
  return names;
}
