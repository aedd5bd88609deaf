import { parseArgs } from 'node:util';

import { CLUSTER_OPTIONS, RELEASES, readRelease, releaseOf, withCluster } from './cluster.ts';
import { positionalsOf, versionNumber } from './command.ts';
import type { Command } from './command.ts';
import { WAIT_OPTIONS, waitUntilReady } from './wait.ts';

/** `kubectl release rollback`. */
export const rollbackUsage = `Usage: kubectl release rollback NAME VERSION [-n NAMESPACE] [--wait [--timeout 5m]]

Goes back, or forward, to a recorded version. It is the same as
  kubectl patch release NAME --type=merge -p '{"spec":{"version":VERSION}}'
The version keeps its number: nothing new is recorded.`;

/** Sets `spec.version`. */
export const rollback: Command = async (args, terminal) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...CLUSTER_OPTIONS, ...WAIT_OPTIONS },
    allowPositionals: true,
  });
  const [name = '', version = ''] = positionalsOf(positionals, 2, ['NAME', 'VERSION']);
  const number = versionNumber(version);
  return withCluster(values, async (cluster) => {
    const { client, namespace } = cluster;
    await readRelease(cluster, name);
    const patch = { spec: { version: number } };
    const options = { fieldManager: 'kubectl-release' };
    const release = releaseOf(await client.patchMerge(RELEASES, namespace, name, patch, options));
    terminal.out(`release.coxswain.dev/${name} set to version ${number}`);
    if (values.wait === true) await waitUntilReady(cluster, release, values.timeout, terminal);
    return 0;
  });
};
