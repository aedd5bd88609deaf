import { GROUP_VERSION } from '../../../crds/index.ts';
import type { WriteOptions } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { RELEASES, findRelease, releaseOf, withCluster } from '../../cluster.ts';
import { isHelp, positionalsOf, readArguments } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { printAs } from '../../output.ts';
import { patienceOf } from '../wait.ts';
import { CREATION_OPTIONS, CREATION_USAGE } from './creation.ts';
import { secretValuesOf, writeSecretValues } from './secret-values.ts';
import { newSpec, announceFollowing } from './new-spec.ts';
import { waitAndShow } from './wait-and-show.ts';

/** `kubectl create release --help`. */
export const usage = `Usage: kubectl create release NAME --chart CHART [options]

Creates a release: the controller pulls the chart, renders it with the values and keeps its objects as rendered.

  kubectl create release web --chart oci://HOST/SPACE/NAME --version '^1.2.0' --set replicas=3 --wait
  kubectl create release web --chart NAME --repo https://HOST/PATH -f values.yaml

  --chart CHART            oci://HOST/SPACE/NAME[:VERSION][@DIGEST], a name in --repo, or a directory or an archive: kept in the Release
  --repo URL               a classic chart repository
  --version VERSION        a version, or a range that is followed; default: the newest stable one is followed
${CREATION_USAGE}
  --dry-run MODE           client: send nothing; server: let the server check it, and store nothing
  -o, --output FORMAT      yaml, json or name
  --wait                   wait until the release is ready: --timeout DURATION, default 5m; --red-timeout DURATION, default 1m
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...CREATION_OPTIONS,
  chart: { type: 'string' },
  'dry-run': { type: 'string', default: 'none' },
} as const;

/** `kubectl create release`. */
export const createRelease: Command = async (args, terminal) => {
  if (args.some(isHelp)) {
    terminal.out(usage);
    return 0;
  }
  const { values: flags, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const dryRun = dryRunOf(flags['dry-run']);
  patienceOf(flags);
  if (flags.chart === undefined)
    throw new CliError('Usage', '--chart is missing, such as --chart oci://HOST/SPACE/NAME');
  const secrets = await secretValuesOf(name, flags, dryRun !== 'none');
  const spec = await newSpec(flags.chart, flags, secrets);
  return withCluster(flags, async (cluster) => {
    const { client, namespace } = cluster;
    const desired: KubeObject = { apiVersion: GROUP_VERSION, kind: 'Release', metadata: { name, namespace }, spec };
    const written: WriteOptions = { fieldManager: 'kubectl-create', dryRun: dryRun === 'server' };
    // What is in the Secret of a Release that is there already would be rolled out.
    if (secrets.references.length > 0 && (await findRelease(cluster, name)) !== undefined)
      throw new CliError('NotReady', `release "${name}" exists already in namespace "${namespace}"`, {
        next: `Change it: kubectl release upgrade ${name}`,
      });
    await writeSecretValues(cluster, secrets);
    const created = dryRun === 'client' ? desired : await client.create(RELEASES, desired, written);
    const suffix = dryRun === 'none' ? '' : ` (${dryRun} dry run)`;
    if (flags.output === undefined) announceFollowing(name, spec.chart, terminal);
    if (flags.output !== undefined) await printAs(flags.output, created, terminal);
    else terminal.out(`release.coxswain.dev/${name} created${suffix}`);
    if (flags.wait !== true || dryRun !== 'none') return 0;
    return waitAndShow(cluster, releaseOf(created), flags, terminal);
  });
};

function dryRunOf(mode: string): 'none' | 'client' | 'server' {
  if (mode === 'none' || mode === 'client' || mode === 'server') return mode;
  throw new CliError('Usage', `--dry-run=${mode} is not known: use none, client or server`);
}
