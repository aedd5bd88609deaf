import { isHelp, verbFirst } from './command.ts';
import type { Command } from './command.ts';
import { CliError } from './errors.ts';
import { foreignWords, ownCommandFor, translated } from './words/foreign-words.ts';
import { nearestOf } from './words/nearest.ts';
import type { Terminal } from './terminal.ts';
import { fittedUsage } from './words/wrap.ts';
import { VERBS, VERB_GROUPS } from './verbs.ts';

const SEE_ALSO = `kubectl release COMMAND --help shows its options. See also:
  kubectl create release     create one from a command line, as install does
  kubectl edit release       change its chart or values: a new version
  kubectl wait release NAME --for=condition=Ready`;

/** `kubectl release`: hands over to the command named by the first argument that is no option of kubectl's. */
export const release: Command = async (args, terminal) => {
  const [name = '', ...rest] = translated(verbFirst(args));
  if (name === 'help' && rest[0] !== undefined) return release([...rest, '--help'], terminal);
  if (name === '' || name === 'help' || isHelp(name)) {
    tellUsage(usage(), terminal);
    return 0;
  }
  const verb = VERBS.get(name);
  if (verb === undefined) throw new CliError('Usage', faultOf(name));
  const { run, usage: itsUsage } = await verb.load();
  if (!rest.some(isHelp)) return run(rest, terminal);
  tellUsage(itsUsage, terminal);
  return 0;
};

/** Prints a usage, in the columns of the terminal. */
function tellUsage(text: string, terminal: Terminal): void {
  terminal.out(terminal.columns === undefined ? text : fittedUsage(text, terminal.columns));
}

function usage(): string {
  const groups = VERB_GROUPS.map(([title, verbs]) => {
    const lines = Object.entries(verbs).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
    return `${title}:\n${lines.join('\n')}`;
  });
  return ['Usage: kubectl release COMMAND', ...groups, SEE_ALSO].join('\n\n');
}

function faultOf(name: string): string {
  const instead = ownCommandFor(name);
  if (instead !== undefined) return `"${name}" is not a command here: ${instead}`;
  const nearest = nearestOf(name, [...VERBS.keys(), ...foreignWords()]);
  return `"${name}" is not a command${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
}
