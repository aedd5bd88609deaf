import { CLUSTER_OPTIONS, RELEASES, readRelease, releaseOf, withCluster } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../command.ts';
import type { Command } from '../command.ts';
import { readHistory } from './recorded/record.ts';
import { showPreview } from './diff/show-preview.ts';
import { WAIT_OPTIONS, waitUntilReady } from './wait.ts';

/** `kubectl release rollback`. */
export const usage = `Usage: kubectl release rollback NAME VERSION [-n NAMESPACE] [--wait [--timeout 5m] [--red-timeout 1m]]
       kubectl release rollback NAME VERSION --dry-run [-n NAMESPACE]

Goes back, or forward, to a recorded version. It is the same as
  kubectl patch release NAME --type=merge -p '{"spec":{"version":VERSION}}'
The version keeps its number: nothing new is recorded.

  --dry-run   change nothing: show what it would do, field by field; exits 3 if there are differences, and 1 if it would be refused`;

/** Sets `spec.version`, or shows what that would do. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, {
    ...CLUSTER_OPTIONS,
    ...WAIT_OPTIONS,
    'dry-run': { type: 'boolean', default: false },
  });
  const [name = '', version = ''] = positionalsOf(positionals, 2, ['NAME', 'VERSION']);
  const number = versionNumber(version);
  return withCluster(values, async (cluster) => {
    const { client, namespace } = cluster;
    const { spec } = await readRelease(cluster, name);
    await checkRecorded(cluster, name, number);
    const question = { release: name, template: { spec: { ...spec, version: number } } };
    if (values['dry-run']) return showPreview(cluster, question, {}, terminal);
    const patch = { spec: { version: number } };
    const options = { fieldManager: 'kubectl-release' };
    const release = releaseOf(await client.patchMerge(RELEASES, namespace, name, patch, options));
    terminal.out(`release.coxswain.dev/${name} set to version ${number}`);
    if (values.wait === true) await waitUntilReady(cluster, release, values, terminal);
    return 0;
  });
};

/** Throws CliError NotFound, naming those there are, where no such version is recorded. */
async function checkRecorded(cluster: Cluster, name: string, version: number): Promise<void> {
  const { isKubeError } = await import('../../kube/index.ts');
  try {
    await readHistory(cluster, name, version);
  } catch (cause) {
    // Who may not see what is recorded may go back anyway: the controller tells whether it could.
    if (!isKubeError(cause, 'Forbidden')) throw cause;
  }
}
