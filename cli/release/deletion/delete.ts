import type { Release } from '../../../crds/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { RELEASES, readRelease, withCluster } from '../../cluster.ts';
import type { Cluster } from '../../cluster.ts';
import { namesOf, readArguments } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { readHistory, readRecorded } from '../../../client/recorded/index.ts';
import { ClientError } from '../../../client/messages/index.ts';
import type { Terminal } from '../../terminal.ts';
import { durationMs } from '../wait.ts';
import { deletionReport, type Propagation } from './deletion-report.ts';
import { lostObjects } from './lost-objects.ts';
import { waitUntilGone } from './wait-until-gone.ts';

/** `kubectl release delete`. */
export const usage = `Usage: kubectl release delete NAME... [options]

Deletes releases with their objects and their versions, and waits until they are gone. It says first what goes, what stays, and which
hooks run. It is the same as kubectl delete release NAME.

  --dry-run                change nothing: only say that
  --cascade MODE           orphan: leave the objects and the versions; background (default) or foreground: delete them
  --wait=false             do not wait
  --timeout DURATION       how long to wait at most; default: 5m
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  cascade: { type: 'string', default: 'background' },
  'dry-run': { type: 'boolean', default: false },
  wait: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '5m' },
} as const;

/** Deletes Releases, or says what that would do. */
export const run: Command = async (args, terminal) => {
  // An option of `parseArgs` cannot be switched off.
  const isAwaited = !args.includes('--wait=false') && !args.includes('--no-wait');
  const { values: flags, positionals } = readArguments(
    args.filter((argument) => argument !== '--no-wait'),
    options,
  );
  const names = namesOf(positionals);
  const propagation = propagationOf(flags.cascade);
  const timeoutMs = durationMs(flags.timeout);
  return withCluster(flags, async (cluster) => {
    const { releases, missing } = await existing(cluster, names);
    for (const release of releases) {
      await tellWhatGoes(cluster, release, propagation, terminal);
      if (flags['dry-run']) continue;
      const { name, namespace, uid } = release.metadata;
      await cluster.client.remove(RELEASES, namespace, name, { propagation, ...(uid !== undefined && { uid }) });
      if (isAwaited) await waitUntilGone(cluster, release, timeoutMs, terminal);
      terminal.out(`release.coxswain.dev/${name} ${isAwaited ? 'deleted' : 'deletion requested'}`);
    }
    const [first] = missing;
    if (first) throw new CliError('NotFound', missing.map(({ message }) => message).join('\n'), { next: first.next });
    return 0;
  });
};

/** Those of the Releases that exist, and what is to be said of the others: as with kubectl, they keep none from being deleted. */
async function existing(cluster: Cluster, names: readonly string[]) {
  const releases: Release[] = [];
  const missing: ClientError[] = [];
  for (const name of names) {
    try {
      releases.push(await readRelease(cluster, name));
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'NotFound')) throw error;
      missing.push(error);
    }
  }
  return { releases, missing };
}

function propagationOf(cascade: string): Propagation {
  if (cascade === 'background') return 'Background';
  if (cascade === 'foreground') return 'Foreground';
  if (cascade === 'orphan') return 'Orphan';
  throw new CliError('Usage', `--cascade ${cascade} is not known: use background, foreground or orphan`);
}

async function tellWhatGoes(
  cluster: Cluster,
  release: Release,
  propagation: Propagation,
  terminal: Terminal,
): Promise<void> {
  const isOrphaned = propagation === 'Orphan';
  const recorded = isOrphaned ? undefined : await recordedOf(cluster, release);
  const lost = isOrphaned ? new Set<string>() : await lostObjects(cluster, release);
  terminal.err(deletionReport(release, { propagation, recorded, lost }, terminal));
}

/** What is recorded of the version in force; undefined where the user may not read it, or it is gone. */
async function recordedOf(cluster: Cluster, { metadata, status }: Release): Promise<VersionRecord | undefined> {
  if (status?.version === undefined) return undefined;
  const { isKubeError } = await import('../../../kube/index.ts');
  try {
    return await readRecorded(cluster, await readHistory(cluster, metadata.name, status.version));
  } catch (error) {
    if (error instanceof ClientError || isKubeError(error, 'Forbidden')) return undefined;
    throw error;
  }
}
