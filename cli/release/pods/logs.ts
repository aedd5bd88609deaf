import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster } from '../../cluster.ts';
import { positionalsOf, readArguments } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { followLogs } from './follow-logs.ts';
import { printLogs, sourcesOf, type LogSource } from './log-lines.ts';
import { podsOfRelease } from '../../../client/pods/index.ts';

/** `kubectl release logs`. */
export const usage = `Usage: kubectl release logs NAME [options]

Prints what the containers of a release have written last: those of all pods that its objects, hooks and tests made, each line with its pod and
container.

  -f, --follow             go on as they write, with pods that start later too, until Ctrl-C
  --tail N                 lines of each container; default: 20
  -p, --previous           of the containers before these, which have ended
  -c, --container NAME     only containers of this name
  --pod NAME               only this pod
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

const MAX_LINES = 10_000;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  follow: { type: 'boolean', short: 'f', default: false },
  tail: { type: 'string', default: '20' },
  previous: { type: 'boolean', short: 'p', default: false },
  container: { type: 'string', short: 'c' },
  pod: { type: 'string' },
} as const;

/** Prints the logs of a Release; 1 if some cannot be read. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const tail = Number(flags.tail);
  if (!/^\d+$/.test(flags.tail) || tail > MAX_LINES)
    throw new CliError('Usage', `--tail ${flags.tail} is not a number from 0 to ${MAX_LINES}`);
  if (flags.follow && flags.previous)
    throw new CliError('Usage', '--follow cannot be used with --previous: what has ended writes no more');
  const isMeant = ({ pod, container }: LogSource): boolean =>
    pod === (flags.pod ?? pod) && container === (flags.container ?? container);
  return withCluster(flags, async (cluster) => {
    if (flags.follow) return followLogs(cluster, { name, isMeant, tailLines: flags.tail }, terminal);
    const chosen = sourcesOf(await podsOfRelease(cluster, await readRelease(cluster, name))).filter(isMeant);
    if (chosen.length === 0)
      throw new CliError('NotFound', `release "${name}" has no such pods`, {
        next: `See what it has: kubectl release status ${name}`,
      });
    const reading = { tailLines: flags.tail, previous: flags.previous };
    const failures = await printLogs(cluster, chosen, reading, terminal);
    return failures === 0 ? 0 : 1;
  });
};
