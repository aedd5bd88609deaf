import { compose, composeUsage } from './charts/compose.ts';
import { lint, lintUsage } from './charts/lint.ts';
import { charts, chartsUsage, versions, versionsUsage } from './charts/list.ts';
import { packageCommand, packageUsage } from './charts/package.ts';
import { pull, pullUsage } from './charts/pull.ts';
import { push, pushUsage } from './charts/push.ts';
import type { Command } from './command.ts';
import { diff, diffUsage } from './diff.ts';
import { CliError } from './errors.ts';
import { history, historyUsage } from './history.ts';
import { rollback, rollbackUsage } from './rollback.ts';
import { status, statusUsage } from './status.ts';
import { wait, waitUsage } from './wait-command.ts';

const USAGE = `Usage: kubectl release COMMAND

Of a release, named by the next argument:
  status    its health and that of each of its objects
  history   its recorded versions
  diff      what changed between versions
  rollback  go back to a version
  wait      until it is ready, perhaps with a new version of its chart

Of charts:
  lint      check one, and what it renders
  package   pack a directory into an archive
  compose   make one out of others
  push      push one to a registry
  pull      pull one
  charts    the charts of a registry
  versions  the versions of a chart

kubectl release COMMAND --help tells more. Beside these:
  kubectl create release     create one
  kubectl get releases       list them
  kubectl edit release       change its chart or values: a new version
  kubectl wait release NAME --for=condition=Ready
  kubectl delete release     delete it with all of its objects`;

const COMMANDS = new Map<string, { run: Command; usage: string }>([
  ['lint', { run: lint, usage: lintUsage }],
  ['package', { run: packageCommand, usage: packageUsage }],
  ['compose', { run: compose, usage: composeUsage }],
  ['push', { run: push, usage: pushUsage }],
  ['pull', { run: pull, usage: pullUsage }],
  ['charts', { run: charts, usage: chartsUsage }],
  ['versions', { run: versions, usage: versionsUsage }],
  ['status', { run: status, usage: statusUsage }],
  ['history', { run: history, usage: historyUsage }],
  ['diff', { run: diff, usage: diffUsage }],
  ['rollback', { run: rollback, usage: rollbackUsage }],
  ['wait', { run: wait, usage: waitUsage }],
]);

/** `kubectl release`: hands over to the command named by the first argument. */
export const release: Command = async ([name = '', ...args], terminal) => {
  if (isHelp(name)) {
    terminal.out(USAGE);
    return 0;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    throw new CliError('Usage', `${name === '' ? 'no command given' : `"${name}" is not a command`}\n\n${USAGE}`);
  }
  if (!args.some(isHelp)) return command.run(args, terminal);
  terminal.out(command.usage);
  return 0;
};

/** Whether an argument asks for help. */
export function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}
