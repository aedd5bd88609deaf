import { isHelp } from './command.ts';
import type { Command } from './command.ts';
import { CliError } from './errors.ts';

const USAGE = `Usage: kubectl release COMMAND

Commands for a release, which the next argument names:
  status    its health and that of each of its objects
  history   its recorded versions
  values    the values that a version was made with
  diff      what changed between versions, or what a change would do
  rollback  roll back to a version
  reconcile resolve its chart, correct drift and retry failures now
  wait      wait until it is ready, optionally with a new version of its chart
  adopt     take it over from Helm
  export    write it with its versions, for import, or give it back to Helm
  import    create it from what export has written

Commands for charts:
  lint      check one, and what it renders
  package   pack a directory into an archive
  compose   make one from others
  push      push one to a registry
  pull      pull one
  charts    the charts of a registry
  versions  the versions of a chart

kubectl release COMMAND --help shows its options. See also:
  kubectl create release     create one
  kubectl get releases       list them
  kubectl edit release       change its chart or values: a new version
  kubectl wait release NAME --for=condition=Ready
  kubectl delete release     delete it with all of its objects`;

/** A command is a module; each is loaded when called, so that none waits for what only another needs. */
const COMMANDS = new Map<string, () => Promise<{ readonly run: Command; readonly usage: string }>>([
  ['lint', () => import('./charts/lint.ts')],
  ['package', () => import('./charts/package.ts')],
  ['compose', () => import('./charts/compose.ts')],
  ['push', () => import('./charts/push.ts')],
  ['pull', () => import('./charts/pull.ts')],
  ['charts', () => import('./charts/charts.ts')],
  ['versions', () => import('./charts/versions.ts')],
  ['status', () => import('./release/status.ts')],
  ['history', () => import('./release/history.ts')],
  ['values', () => import('./release/recorded/values-command.ts')],
  ['diff', () => import('./release/diff.ts')],
  ['rollback', () => import('./release/rollback.ts')],
  ['reconcile', () => import('./release/reconcile.ts')],
  ['wait', () => import('./release/wait-command.ts')],
  ['adopt', () => import('./helm/adopt.ts')],
  ['export', () => import('./helm/export.ts')],
  ['import', () => import('./release/backup/import.ts')],
]);

/** What Helm's commands, which fingers type by themselves, are here. */
const HELM_WORDS = new Map([
  ['list', 'kubectl get releases'],
  ['ls', 'kubectl get releases'],
  ['get', 'kubectl get release NAME -o yaml, or kubectl release values NAME'],
  ['install', 'kubectl create release NAME --chart CHART'],
  ['upgrade', 'kubectl edit release NAME'],
  ['uninstall', 'kubectl delete release NAME'],
  ['delete', 'kubectl delete release NAME'],
]);

/** `kubectl release`: hands over to the command named by the first argument. */
export const release: Command = async ([name = '', ...args], terminal) => {
  if (name === 'help' && args[0] !== undefined) return release([args[0], '--help'], terminal);
  if (name === 'help' || isHelp(name)) {
    terminal.out(USAGE);
    return 0;
  }
  const load = COMMANDS.get(name);
  if (load === undefined) throw new CliError('Usage', `${faultOf(name)}\n\n${USAGE}`);
  const { run, usage } = await load();
  if (!args.some(isHelp)) return run(args, terminal);
  terminal.out(usage);
  return 0;
};

function faultOf(name: string): string {
  if (name === '') return 'no command given';
  const here = HELM_WORDS.get(name);
  return `"${name}" is not a command${here === undefined ? '' : `: that is ${here}`}`;
}
