import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { readRelease, withCluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { PATIENCE_OPTIONS, patienceOf, waitAndReport } from './wait.ts';

/** `kubectl release wait`. */
export const usage = `Usage: kubectl release wait NAME [options]

Waits until a release is ready with its present spec, and shows it. Exits 1 with the reason as soon as it cannot become ready by itself,
if it stays Red, or after the timeout.

  --chart-version VERSION   until it is ready with this version of its chart, such as one that was just pushed and that it follows;
                            a failure from more than a minute before does not end the wait, since that version may repair it;
                            nor does one that says that the registry does not have it yet
  --timeout DURATION        default 5m
  --red-timeout DURATION    how long it may stay Red, default 1m: what crashes until something else is there may need more
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...PATIENCE_OPTIONS,
  'chart-version': { type: 'string' },
} as const;

/** Waits for a Release and prints its status. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  patienceOf(values);
  return withCluster(values, async (cluster) => {
    const release = await readRelease(cluster, name);
    await waitAndReport(cluster, release, values, terminal, values['chart-version']);
    return 0;
  });
};
