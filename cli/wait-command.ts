import { parseArgs } from 'node:util';

import { CLUSTER_OPTIONS, readRelease, withCluster } from './cluster.ts';
import { positionalsOf } from './command.ts';
import type { Command } from './command.ts';
import { statusReport } from './status.ts';
import { WAIT_OPTIONS, durationMs, waitUntilReady } from './wait.ts';

/** `kubectl release wait`. */
export const waitUsage = `Usage: kubectl release wait NAME [--chart-version VERSION] [--timeout 5m] [-n NAMESPACE]

Waits until a release is ready, as it is written now, and shows it. Exits 1 with the reason as soon as it cannot become ready by
itself, or after the timeout.

  --chart-version VERSION   until it is ready with this version of its chart, such as one that was just pushed and that it follows;
                            a fault of more than a minute ago may be what it mends, and is waited through`;

/** Waits for a Release and prints how it fares. */
export const wait: Command = async (args, terminal) => {
  const { timeout } = WAIT_OPTIONS;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...CLUSTER_OPTIONS, timeout, 'chart-version': { type: 'string' } },
    allowPositionals: true,
  });
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  durationMs(values.timeout);
  return withCluster(values, async (cluster) => {
    const release = await readRelease(cluster, name);
    const ready = await waitUntilReady(cluster, release, values.timeout, terminal, values['chart-version']);
    terminal.out(statusReport(ready, Date.now(), terminal));
    return 0;
  });
};
