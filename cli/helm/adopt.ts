import { DEFAULT_HELM_VERSION } from '../../chart-renderer/index.ts';
import { GROUP_VERSION, HELM_REVISION_ANNOTATION, type ReleaseSpec } from '../../crds/index.ts';
import { discover, isKubeError } from '../../kube/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { RELEASES, readRelease, releaseOf, withCluster, type Cluster } from '../cluster.ts';
import { positionalsOf, readArguments, type Command, type ExitCode } from '../command.ts';
import { CliError, reasonOf } from '../errors.ts';
import { adoptedChart } from './adopted-chart.ts';
import { adoptionPlan, hasDifferences, isPossible, type AdoptionPlan } from './adoption-plan.ts';
import { earlierOf, recordEarlier, withCharts, type FoundRevisions } from './earlier-revisions.ts';
import type { ServedCluster } from './rendering.ts';
import { readExported, readStorage, type StoredRevision } from './storage.ts';
import type { StoredRelease } from './stored-release.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from '../registry/connection.ts';
import type { Terminal } from '../terminal.ts';
import { adoptionReport } from './adoption-report.ts';
import { readHistories, versionInForce } from '../../client/releases/index.ts';
import { PATIENCE_OPTIONS, patienceOf, waitUntilReady } from '../release/wait.ts';

/** `kubectl release adopt`. */
export const usage = `Usage: kubectl release adopt NAME [options]
       kubectl release adopt --all [options]
       kubectl release adopt NAME --finish

Takes a release over from Helm: it becomes a Release of the same name, with the number of its last revision, its values and its chart, and
its objects become the Release's. Earlier revisions become versions to go back to, if you may create ReleaseHistories, as an administrator
of the cluster may. Without --yes this only shows the plan: what is taken over, and every difference between what Helm
applied, what is live, and what the chart gives here; it then exits 3 if there are differences, and 1 if the release cannot be adopted.

  kubectl release adopt web --registry oci://HOST/SPACE        show the plan
  kubectl release adopt web --registry oci://HOST/SPACE --yes  adopt it, and wait until it is ready
  kubectl release adopt web --finish                           delete what Helm has stored, once all is well

  --all                    all Helm releases of the namespace
  --registry REGISTRY      oci://HOST/SPACE or https://HOST/PATH: it has the charts under their names and versions
  --chart CHART            oci://HOST/SPACE/NAME[:VERSION], a name in --repo, a directory or an archive. Without --registry and --chart it
                           is what Helm has stored of the chart. A chart that is not in a registry is kept in the Release
  --repo URL, --version VERSION   for --chart
  --secret NAME            a Secret with the registry's credentials, for the Release
  --service-account NAME   the service account that it acts as; default: default
  --storage FILE           the revisions, if Helm stores them in SQL: the column "body" of each, one on each line
  --revisions N            how many earlier revisions become versions, the newest first; default: 9
  --yes                    do it
  --dry-run                only show the plan, whatever else is given
  --finish                 delete Helm's storage of a release that was adopted
  --timeout DURATION, --red-timeout DURATION   how long to wait until it is ready, by default 5m, and while it is Red, by default 1m
${REGISTRY_USAGE}
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...REGISTRY_OPTIONS,
  ...PATIENCE_OPTIONS,
  all: { type: 'boolean', default: false },
  registry: { type: 'string' },
  chart: { type: 'string' },
  repo: { type: 'string' },
  version: { type: 'string' },
  secret: { type: 'string' },
  'service-account': { type: 'string' },
  storage: { type: 'string' },
  revisions: { type: 'string' },
  yes: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  finish: { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof parseFlags>['values'];

/** Shows the plan, and with `--yes` carries it out; 3 if there are differences. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = parseFlags(args);
  const [name] = positionalsOf(positionals, flags.all ? 0 : 1, flags.all ? [] : ['NAME']);
  if (flags.all && (flags.chart ?? flags.storage) !== undefined)
    throw new CliError('Usage', '--chart and --storage are for one release, not for --all');
  if (flags.finish && flags.storage !== undefined)
    throw new CliError(
      'Usage',
      '--finish deletes what Helm keeps in the namespace; what it keeps in SQL is yours to delete',
    );
  patienceOf(flags);
  return withCluster(flags, async (cluster) => {
    const revisions =
      flags.storage === undefined ? await readStorage(cluster, name) : await readExported(flags.storage, name);
    if (revisions.length === 0) throw notFound(cluster, name);
    let code: ExitCode = 0;
    for (const [release, its] of Map.groupBy(revisions, (revision) => revision.release.name)) {
      const done = flags.finish ? finish(cluster, release, its, terminal) : adopt(cluster, its, flags, terminal);
      code = worse(code, await done);
    }
    return code;
  });
};

function parseFlags(args: readonly string[]) {
  return readArguments(args, options);
}

function notFound({ namespace }: Cluster, name: string | undefined): CliError {
  const what = name === undefined ? 'are no Helm releases' : `is no Helm release "${name}"`;
  return new CliError('NotFound', `there ${what} in namespace "${namespace}"`, {
    next: 'See those there are: helm list -A',
  });
}

function worse(a: ExitCode, b: ExitCode): ExitCode {
  return a === 1 || b === 1 ? 1 : (Math.max(a, b) as ExitCode);
}

async function adopt(
  cluster: Cluster,
  revisions: readonly StoredRevision[],
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const release = deployedOf(revisions);
  const chart = await adoptedChart(release, flags);
  const account = flags['service-account'];
  const control: Partial<ReleaseSpec> = account === undefined ? {} : { serviceAccountName: account };
  const served = { ...cluster, discovery: discover(cluster.client) };
  const plan = await adoptionPlan(served, release, chart, control);
  const known = revisions.map((revision) => revision.release);
  const earlier = await withCharts(earlierOf(known, release, revisionsIn(flags)), { release, chart }, flags);
  terminal.out(adoptionReport(plan, earlier, terminal));
  if (!isPossible(plan)) return 1;
  const code = hasDifferences(plan) ? 3 : 0;
  if (!flags.yes || flags['dry-run']) {
    terminal.out('Nothing has been changed. To adopt it, repeat the command with --yes.');
    return code;
  }
  await recordIfAllowed(served, plan, earlier, terminal);
  await create(cluster, plan, flags, terminal);
  return 0;
}

/** As many as a Release keeps beside the one in force. */
const DEFAULT_REVISIONS = 9;

function revisionsIn({ revisions }: Flags): number {
  if (revisions === undefined) return DEFAULT_REVISIONS;
  if (/^\d{1,3}$/.test(revisions)) return Number(revisions);
  throw new CliError('Usage', `--revisions=${revisions} is not a number from 0 to 999`);
}

/** Only an administrator may create versions, and a quota may forbid it; without the earlier ones there is still the one in force. */
async function recordIfAllowed(
  cluster: ServedCluster,
  { spec }: AdoptionPlan,
  { found }: FoundRevisions,
  terminal: Terminal,
): Promise<void> {
  if (found.length === 0) return;
  try {
    await recordEarlier(cluster, found, spec.helmVersion ?? DEFAULT_HELM_VERSION);
  } catch (error) {
    if (!isKubeError(error, 'Forbidden')) throw error;
    terminal.err(`earlier revisions stay with Helm, since versions of them cannot be created: ${reasonOf(error)}`);
  }
}

/** The revision that is deployed. Throws CliError if Helm is in the middle of something, or nothing is deployed. */
function deployedOf(revisions: readonly StoredRevision[]): StoredRelease {
  const last = revisions.at(-1)?.release;
  const deployed = revisions.findLast(({ release }) => release.info.status === 'deployed')?.release;
  const title = `revision ${last?.version} of the Helm release "${last?.name}" is ${last?.info.status}`;
  if (last?.info.status.startsWith('pending') === true)
    throw new CliError('NotReady', `${title}: let Helm finish, or roll back with helm rollback`);
  if (deployed === undefined) throw new CliError('NotFound', `${title}, and none is deployed`);
  return deployed;
}

async function create(
  cluster: Cluster,
  { release, spec }: AdoptionPlan,
  flags: Flags,
  terminal: Terminal,
): Promise<void> {
  const { client, namespace } = cluster;
  const { name, version } = release;
  const desired = { apiVersion: GROUP_VERSION, kind: 'Release', metadata: { name, namespace }, spec };
  try {
    const created = releaseOf(await client.create(RELEASES, desired, { fieldManager: 'kubectl-create' }));
    await waitUntilReady(cluster, created, flags, terminal);
  } catch (cause) {
    if (!isKubeError(cause, 'AlreadyExists')) throw cause;
    throw new CliError('NotReady', `release "${name}" exists already: it was adopted, or belongs to somebody else`, {
      cause,
    });
  }
  terminal.out(`release.coxswain.dev/${name} adopted, version ${version}`);
  terminal.err(`do not use helm for it any more; when all is well: kubectl release adopt ${name} --finish`);
}

/** Deletes what Helm has stored of a release that was adopted and is in force. Throws CliError, KubeError. */
async function finish(
  cluster: Cluster,
  name: string,
  revisions: readonly StoredRevision[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { client, namespace } = cluster;
  versionInForce(await readRelease(cluster, name));
  const histories = await readHistories(cluster, name);
  const first =
    histories.findLast(({ metadata }) => !metadata.annotations?.[HELM_REVISION_ANNOTATION])?.spec.version ?? 0;
  const last = revisions.at(-1)?.release.version ?? 0;
  if (last > first) {
    const what = `Helm has revision ${last} of "${name}", but version ${first} is the first that the Release made`;
    throw new CliError('NotReady', `${what}: helm was used after it was adopted`);
  }
  for (const { object } of revisions) if (object) await client.remove(object.resource, namespace, object.name);
  terminal.out(
    `release.coxswain.dev/${name} finished: what Helm had stored is deleted (${revisions.length === 1 ? '1 revision' : `${revisions.length} revisions`})`,
  );
  return 0;
}
