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
import { isEditedSince, restoreContent } from './restore-content.ts';
import { WAIT_OPTIONS, patienceOf, waitUntilReady } from '../wait.ts';

/** `kubectl release rollback`. */
export const usage = `Usage: kubectl release rollback NAME [VERSION] [-n NAMESPACE] [--wait [--timeout 5m] [--red-timeout 1m]]
       kubectl release rollback NAME [VERSION] --dry-run [-n NAMESPACE]

Goes back, or forward, to a recorded version. Without VERSION it is the one before: the version in force, if another one was begun or asked
for and is not in force; else the last that was Green, if that is another one; else the one that was in force when the present one was
made. It is the same as
  kubectl patch release NAME --type=merge -p '{"spec":{"version":VERSION}}'
The version keeps its number: nothing new is recorded. If VERSION is in force, and the content was edited since without success, it gets the
content of VERSION again, for which you need permission to get Secrets.

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
    const history = await recorded(cluster, name, number);
    const question = { release: name, template: { spec: { ...present.spec, version: number } } };
    if (values['dry-run']) return showPreview(cluster, question, {}, terminal);
    const patch = { spec: { version: number } };
    const options = { fieldManager: 'kubectl-release' };
    const release =
      history && isEditedSince(present, history)
        ? await restoreContent(cluster, present, history)
        : releaseOf(await client.patchMerge(RELEASES, namespace, name, patch, options));
    terminal.out(`release.coxswain.dev/${name} set to version ${number}`);
    if (values.wait === true) await waitUntilReady(cluster, release, values, terminal);
    return 0;
  });
};

/** The version that one goes back to who names none; throws CliError NotFound where there is none. */
export function versionBefore(release: Release, histories: readonly ReleaseHistory[]): number {
  const inForce = release.status?.version;
  const running = histories.find((history) => history.spec.version === inForce);
  if (inForce !== undefined && isUnfinished(release, inForce, running)) return inForce;
  const lastGreen = release.status?.lastGreen;
  const before = lastGreen === undefined || lastGreen === inForce ? running?.spec.comparedWith : lastGreen;
  if (before !== undefined && histories.some((history) => history.spec.version === before)) return before;
  const { name } = release.metadata;
  throw new CliError('NotFound', `release "${name}" has no version before the one in force`, {
    next: `See its versions: kubectl release history ${name}`,
  });
}

/** Whether something was begun or asked for that is not in force. */
function isUnfinished(release: Release, inForce: number, running: ReleaseHistory | undefined): boolean {
  const { spec, status } = release;
  const versions = [status?.operation?.version ?? inForce, spec.version ?? inForce];
  return versions.some((version) => version !== inForce) || (running !== undefined && isEditedSince(release, running));
}

/**
 * The history of a version; undefined for who may not see it, who may go back anyway: the controller tells whether it could. Throws
 * CliError NotFound, naming those there are, where no such version is recorded.
 */
async function recorded(cluster: Cluster, name: string, version: number): Promise<ReleaseHistory | undefined> {
  const { isKubeError } = await import('../../../kube/index.ts');
  try {
    return await readHistory(cluster, name, version);
  } catch (cause) {
    if (!isKubeError(cause, 'Forbidden')) throw cause;
    return undefined;
  }
}
