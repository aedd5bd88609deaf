import { setTimeout as delay } from 'node:timers/promises';
import type { SourcedObject } from '../../chart-renderer/index.ts';
import { isNamedInColour, type Release, type ReleaseHistory } from '../../crds/index.ts';
import { discover, isKubeError } from '../../kube/index.ts';
import { writeYaml } from '../../golang/yaml/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { RELEASES, readRelease, releaseOf, withCluster, type Cluster, SECRETS } from '../cluster.ts';
import { positionalsOf, readArguments, type Command } from '../command.ts';
import { CliError, reasonOf } from '../errors.ts';
import { storageSecret, type ExportedVersion } from './exported-release.ts';
import { handOver, isOfRelease } from './hand-over.ts';
import { liveObjects } from './rendering.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE, type RegistryFlags } from '../registry/connection.ts';
import type { Terminal } from '../terminal.ts';
import { counted } from '../words/counted.ts';
import { exportedRelease } from '../release/backup/export-to-file.ts';
import { readHistories, versionInForce } from '../../client/releases/index.ts';
import { readRecorded } from '../../client/recorded/index.ts';
import { chartOf } from '../release/recorded/recorded-chart.ts';

/** `kubectl release export`. */
export const usage = `Usage: kubectl release export NAME [--to file|helm] [options]

To a file, on standard output: the Release with all of its recorded versions, for kubectl release import. It holds what Secrets hold.

Back to Helm: suspends it, writes its versions to Helm's storage (Secrets of the namespace), and hands its objects over, so
that helm history, helm upgrade and helm rollback go on. Nothing else about the objects changes. After that delete the Release without its
objects:
  kubectl delete release NAME --cascade=orphan

Helm gets the values that each version was made with, those from valuesFrom among them. The chart of each version is pulled by its digest;
a version whose chart is gone is left out.

  --to file|helm           where to; default: file
${REGISTRY_USAGE}
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = { ...CLUSTER_OPTIONS, ...REGISTRY_OPTIONS, to: { type: 'string' } } as const;

/** Writes Helm's storage and hands the objects over. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const { to = 'file' } = flags;
  if (to !== 'helm' && to !== 'file') throw new CliError('Usage', `--to=${to} is not known: use file or helm`);
  return withCluster(flags, async (cluster) => {
    if (to === 'file') {
      await readRelease(cluster, name);
      terminal.out(writeYaml(await exportedRelease(cluster, name)).trimEnd());
      return 0;
    }
    const inForce = versionInForce(withoutOtherColour(await readRelease(cluster, name)));
    const versions = await exportedVersions(cluster, name, { inForce, flags }, terminal);
    const release = await suspended(cluster, name);
    if (versionInForce(release) !== inForce)
      throw new CliError(
        'NotReady',
        `version ${release.status?.version} came into force meanwhile: repeat the command`,
      );
    const written = await writeStorage(cluster, versions, inForce);
    const objects = versions.find(({ history }) => history.spec.version === inForce)?.objects ?? [];
    const count = await handOverAll(cluster, release, objects);
    terminal.out(
      `${counted(written, 'revision')} written, ${counted(count, 'object')} handed over to the Helm release ${name}`,
    );
    terminal.out(`now delete the Release without them: kubectl delete release ${name} --cascade=orphan`);
    return 0;
  });
};

interface Exporting {
  readonly inForce: number;
  readonly flags: RegistryFlags;
}

/** The recorded versions, oldest first; one whose record or chart is gone is left out, unless it is in force. */
async function exportedVersions(
  cluster: Cluster,
  name: string,
  { inForce, flags }: Exporting,
  terminal: Terminal,
): Promise<ExportedVersion[]> {
  const versions: ExportedVersion[] = [];
  for (const history of (await readHistories(cluster, name)).toReversed()) {
    try {
      versions.push(await exportedVersion(cluster, history, flags));
    } catch (error) {
      if (history.spec.version === inForce) throw error;
      terminal.err(`version ${history.spec.version} is left out: ${reasonOf(error)}`);
    }
  }
  return versions;
}

async function exportedVersion(
  cluster: Cluster,
  history: ReleaseHistory,
  flags: RegistryFlags,
): Promise<ExportedVersion> {
  if (history.spec.colour !== undefined) throw inColour(history.spec.version);
  const recorded = await readRecorded(cluster, history);
  const { values, objects, hooks, notes } = recorded;
  const chart = await chartOf(recorded, history, flags);
  return { history, chart, values, objects, hooks, ...(notes === undefined ? {} : { notes }) };
}

/** The Release, if there is no colour, kept or coming up, that Helm would not know of. */
function withoutOtherColour(release: Release): Release {
  const { operation, resources = [] } = release.status ?? {};
  const { standby, phase, version } = operation ?? {};
  const isNew = ({ name }: { name: string }): boolean => version !== undefined && isNamedInColour(name, version);
  const isComingUp = phase === 'Applying' && resources.some(isNew);
  const other = phase === 'Beside' || isComingUp ? version : standby;
  if (other === undefined) return release;
  const message = `the objects of version ${other} exist beside those in force: repeat the command when only one version has objects`;
  throw new CliError('NotReady', message);
}

function inColour(version: number): CliError {
  const remedy = 'remove spec.strategy, and repeat the command when the next version is in force';
  return new CliError(
    'NotReady',
    `the objects of version ${version} have the names of a colour, which Helm would not find: ${remedy}`,
  );
}

const PAUSE_MS = 250;
const MAX_WAIT_MS = 60_000;

/** Suspends a Release and waits until the controller has seen it. Throws CliError NotReady. */
async function suspended(cluster: Cluster, name: string): Promise<Release> {
  const { client, namespace } = cluster;
  const patch = { spec: { suspend: true } };
  const written = releaseOf(
    await client.patchMerge(RELEASES, namespace, name, patch, { fieldManager: 'kubectl-release' }),
  );
  const until = Date.now() + MAX_WAIT_MS;
  for (;;) {
    const release = await readRelease(cluster, name);
    if ((release.status?.observedGeneration ?? 0) >= written.metadata.generation) return release;
    if (Date.now() > until)
      throw new CliError('NotReady', `release "${name}" is not suspended yet: is the controller running?`);
    await delay(PAUSE_MS);
  }
}

/** Writes each version as a revision, also over one of the same number that Helm has. Returns how many were written. */
async function writeStorage(
  { client, namespace }: Cluster,
  versions: readonly ExportedVersion[],
  inForce: number,
): Promise<number> {
  for (const version of versions) {
    const secret = await storageSecret(version, namespace, inForce);
    try {
      await client.create(SECRETS, secret, { fieldManager: 'helm' });
    } catch (error) {
      if (!isKubeError(error, 'AlreadyExists')) throw error;
      await client.replace(SECRETS, secret, { fieldManager: 'helm' });
    }
  }
  return versions.length;
}

async function handOverAll(cluster: Cluster, release: Release, objects: readonly SourcedObject[]): Promise<number> {
  const served = { ...cluster, discovery: discover(cluster.client) };
  const sent = objects.map(({ object }) => object);
  let count = 0;
  for (const live of await liveObjects(served, sent)) {
    const resource = live && (await served.discovery.resourceFor(live.apiVersion, live.kind));
    if (!resource || !isOfRelease(live, release)) continue;
    await handOver(cluster.client, resource, live, release);
    count += 1;
  }
  return count;
}
