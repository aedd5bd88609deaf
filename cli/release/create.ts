import { GROUP_VERSION } from '../../crds/index.ts';
import type { ChartSpec, ReleaseSpec, Values } from '../../crds/index.ts';
import type { WriteOptions } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { CHART_OPTIONS, chartReferenceOf } from '../chart-reference.ts';
import { CLUSTER_OPTIONS, RELEASES, releaseOf, withCluster } from '../cluster.ts';
import { isHelp, positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { HELM_VERSION_OPTION, helmVersionOf } from '../helm-version.ts';
import { OUTPUT_OPTION, printAs } from '../output.ts';
import { VALUES_OPTIONS, givenValues } from './values.ts';
import { statusReport } from './status.ts';
import type { Terminal } from '../terminal.ts';
import { WAIT_OPTIONS, patienceOf, waitUntilReady } from './wait.ts';

const USAGE = `Usage: kubectl create release NAME --chart CHART [options]

Creates a release: the controller pulls the chart, renders it with the values and keeps its objects as rendered.

  kubectl create release web --chart oci://HOST/SPACE/NAME --version '^1.2.0' --set replicas=3 --wait
  kubectl create release web --chart NAME --repo https://HOST/PATH -f values.yaml

  --chart CHART            oci://HOST/SPACE/NAME[:VERSION][@DIGEST], or a name in --repo
  --repo URL               a classic chart repository
  --version VERSION        a version, or a range that is followed; default: the newest stable one is followed
  -f, --values FILE        values in YAML, "-" for standard input; may be repeated, later files win
  --set PATH=VALUE         one value, as with Helm's --set; may be repeated, wins over files
  --set-string PATH=VALUE  the same, always as a string
  --set-json PATH=JSON     one value in JSON; --set-file PATH=FILE: the text of a file; --set-literal PATH=VALUE: as it stands
  --helm-version VERSION   v3: read charts and values as Helm 3 does; default: as Helm 4
  --service-account NAME   the service account that it acts as; default: default
  --secret NAME            a Secret with the registry's credentials, such as one of type kubernetes.io/dockerconfigjson
  --dry-run MODE           client: send nothing; server: let the server check it, and store nothing
  -o, --output FORMAT      yaml, json or name
  --wait                   wait until the release is ready: --timeout DURATION, default 5m; --red-timeout DURATION, default 1m
  -n, --namespace, --context, --kubeconfig, --as: as in every kubectl command`;

const OPTIONS = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  ...VALUES_OPTIONS,
  ...HELM_VERSION_OPTION,
  ...WAIT_OPTIONS,
  ...CHART_OPTIONS,
  chart: { type: 'string' },
  'service-account': { type: 'string' },
  secret: { type: 'string' },
  'dry-run': { type: 'string', default: 'none' },
} as const;

type Flags = ReturnType<typeof parseFlags>['values'];

/** `kubectl create release`. */
export const createRelease: Command = async (args, terminal) => {
  if (args.some(isHelp)) {
    terminal.out(USAGE);
    return 0;
  }
  const { values: flags, positionals } = parseFlags(args);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const dryRun = dryRunOf(flags['dry-run']);
  patienceOf(flags);
  const helmVersion = helmVersionOf(flags);
  const values = valuesPart(await givenValues(flags, helmVersion));
  const spec = { chart: await chartOf(flags), ...(helmVersion && { helmVersion }), ...accountOf(flags), ...values };
  return withCluster(flags, async (cluster) => {
    const { client, namespace } = cluster;
    const desired: KubeObject = { apiVersion: GROUP_VERSION, kind: 'Release', metadata: { name, namespace }, spec };
    const options: WriteOptions = { fieldManager: 'kubectl-create', dryRun: dryRun === 'server' };
    const created = dryRun === 'client' ? desired : await client.create(RELEASES, desired, options);
    const suffix = dryRun === 'none' ? '' : ` (${dryRun} dry run)`;
    if (flags.output === undefined) tellWhatIsFollowed(name, spec.chart, terminal);
    if (flags.output !== undefined) await printAs(flags.output, created, terminal);
    else terminal.out(`release.coxswain.dev/${name} created${suffix}`);
    if (flags.wait !== true || dryRun !== 'none') return 0;
    const ready = await waitUntilReady(cluster, releaseOf(created), flags, terminal);
    if (flags.output === undefined) terminal.out(statusReport(ready, Date.now(), terminal));
    return 0;
  });
};

function parseFlags(args: readonly string[]) {
  return readArguments(args, OPTIONS);
}

function dryRunOf(mode: string): 'none' | 'client' | 'server' {
  if (mode === 'none' || mode === 'client' || mode === 'server') return mode;
  throw new CliError('Usage', `--dry-run=${mode} is not known: use none, client or server`);
}

async function chartOf({ chart, repo, version, secret }: Flags): Promise<ChartSpec> {
  if (chart === undefined) throw new CliError('Usage', '--chart is missing, such as --chart oci://HOST/SPACE/NAME');
  const reference = await chartReferenceOf(chart, { repo, version });
  return { ...reference, ...(secret === undefined ? {} : { secretRef: { name: secret } }) };
}

function accountOf({ 'service-account': name }: Flags): Partial<ReleaseSpec> {
  return name === undefined ? {} : { serviceAccountName: name };
}

function valuesPart(values: Values): Partial<ReleaseSpec> {
  return Object.keys(values).length === 0 ? {} : { values };
}

/** Without a version the newest chart is followed from now on, and not taken once as by `helm install`. */
function tellWhatIsFollowed(name: string, { version, digest }: ChartSpec, terminal: Terminal): void {
  if (version !== undefined || digest !== undefined) return;
  terminal.err(
    `no --version: ${name} follows the newest stable version of its chart, and is upgraded whenever there is one`,
  );
}
