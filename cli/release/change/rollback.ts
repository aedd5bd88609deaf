import type { Release, ReleaseHistory } from '../../../crds/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { RELEASES, readRelease, releaseOf, withCluster } from '../../cluster.ts';
import type { Cluster } from '../../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { showPreview } from '../diff/show-preview.ts';
import { readHistories } from '../history.ts';
import { readHistory } from '../recorded/record.ts';
import { WAIT_OPTIONS, patienceOf, waitUntilReady } from '../wait.ts';

/** `kubectl release rollback`. */
export const usage = `Usage: kubectl release rollback NAME [VERSION] [-n NAMESPACE] [--wait [--timeout 5m] [--red-timeout 1m]]
       kubectl release rollback NAME [VERSION] --dry-run [-n NAMESPACE]

Goes back, or forward, to a recorded version; without VERSION, to the one before: the version in force, if another one was begun and is not
in force, else the one that was in force when the present one was made. It is the same as
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
  const [name = '', version] = positionalsOf(positionals, 1, ['NAME', 'VERSION']);
  const asked = version === undefined ? undefined : versionNumber(version);
  patienceOf(values);
  return withCluster(values, async (cluster) => {
    const { client, namespace } = cluster;
    const present = await readRelease(cluster, name);
    const number = asked ?? versionBefore(present, await readHistories(cluster, name));
    await checkRecorded(cluster, name, number);
    const question = { release: name, template: { spec: { ...present.spec, version: number } } };
    if (values['dry-run']) return showPreview(cluster, question, {}, terminal);
    const patch = { spec: { version: number } };
    const options = { fieldManager: 'kubectl-release' };
    const release = releaseOf(await client.patchMerge(RELEASES, namespace, name, patch, options));
    terminal.out(`release.coxswain.dev/${name} set to version ${number}`);
    if (values.wait === true) await waitUntilReady(cluster, release, values, terminal);
    return 0;
  });
};

/** The version that one goes back to who names none; throws CliError NotFound where there is none. */
export function versionBefore({ metadata, spec, status }: Release, histories: readonly ReleaseHistory[]): number {
  const { version: inForce, operation } = status ?? {};
  const isUnfinished = [operation?.version ?? inForce, spec.version ?? inForce].some((version) => version !== inForce);
  if (inForce !== undefined && isUnfinished) return inForce;
  const before = histories.find((history) => history.spec.version === inForce)?.spec.comparedWith;
  if (before !== undefined && histories.some((history) => history.spec.version === before)) return before;
  throw new CliError('NotFound', `release "${metadata.name}" has no version before the one in force`, {
    next: `See its versions: kubectl release history ${metadata.name}`,
  });
}

/** Throws CliError NotFound, naming those there are, where no such version is recorded. */
async function checkRecorded(cluster: Cluster, name: string, version: number): Promise<void> {
  const { isKubeError } = await import('../../../kube/index.ts');
  try {
    await readHistory(cluster, name, version);
  } catch (cause) {
    // Who may not see what is recorded may go back anyway: the controller tells whether it could.
    if (!isKubeError(cause, 'Forbidden')) throw cause;
  }
}
