import { renderTexts, type Chart, type JsonObject, type RenderOptions } from '../../../chart-renderer/index.ts';
import { discover } from '../../../kube/index.ts';
import { CHART_OPTIONS } from '../../chart-reference.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { withCluster } from '../../cluster.ts';
import { positionalsOf, readArguments } from '../../command.ts';
import type { Command, ExitCode } from '../../command.ts';
import { HELM_VERSION_OPTION, helmVersionOf } from '../../helm-version.ts';
import { withLookups } from '../../helm/rendering.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from '../../registry/connection.ts';
import { VALUES_OPTIONS, VALUES_USAGE, givenValues } from '../../release/values.ts';
import { printable } from '../../terminal.ts';
import type { Terminal } from '../../terminal.ts';
import { namedChart } from '../chart-source.ts';
import { writeInto } from '../package.ts';
import { HELM_API_VERSIONS, HELM_KUBE_VERSION } from './helm-capabilities.ts';
import { filesToWrite, templateText, type TemplateChoice } from './template-text.ts';

/** `kubectl release template`. */
export const usage = `Usage: kubectl release template [NAME] CHART [options]

Prints what a chart renders, as helm template prints it. No cluster is asked, unless --cluster is given.

  CHART                    a directory, an archive, oci://HOST/SPACE/NAME[:VERSION][@DIGEST], or a name in --repo
  --repo URL, --version VERSION   which chart of a registry; default: its newest stable version
${VALUES_USAGE}
  -s, --show-only FILE     only what comes from this file of the chart, such as templates/service.yaml; may be repeated
  --include-crds           the files of crds/ too; --no-hooks: without hooks; --skip-tests: without those that test
  --is-upgrade             as for an upgrade instead of an installation
  --skip-schema-validation   do not read the chart's values.schema.json
  --kube-version VERSION   the cluster's version; default, as with Helm: ${HELM_KUBE_VERSION}
  -a, --api-versions API   an API that the cluster has, such as cert-manager.io/v1; may be repeated
  --cluster                what the cluster of --context is and serves; lookup reads its objects, as you
  --output-dir DIRECTORY   write a file for each template there
  --helm-version VERSION   v3: as Helm 3 does; default: as Helm 4
${REGISTRY_USAGE}
  -n, --namespace NAMESPACE   of the release; default: default. --context, --kubeconfig, --as, --as-group: for --cluster`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...CHART_OPTIONS,
  ...REGISTRY_OPTIONS,
  ...VALUES_OPTIONS,
  ...HELM_VERSION_OPTION,
  'show-only': { type: 'string', short: 's', multiple: true, default: [] as string[] },
  'include-crds': { type: 'boolean', default: false },
  'no-hooks': { type: 'boolean', default: false },
  'skip-tests': { type: 'boolean', default: false },
  'is-upgrade': { type: 'boolean', default: false },
  'skip-schema-validation': { type: 'boolean', default: false },
  'kube-version': { type: 'string' },
  'api-versions': { type: 'string', short: 'a', multiple: true, default: [] as string[] },
  cluster: { type: 'boolean', default: false },
  'output-dir': { type: 'string' },
} as const;

type Flags = ReturnType<typeof parseFlags>['values'];

/** Prints or writes what a chart renders. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = parseFlags(args);
  const [first = '', second] = positionalsOf(positionals, 1, ['CHART', 'NAME']);
  const [name, named] = second === undefined ? ['release-name', first] : [first, second];
  const helmVersion = helmVersionOf(flags);
  const values = await givenValues(flags, helmVersion);
  const { chart } = await namedChart(named, flags, helmVersion);
  const subject = { chart, name, values };
  if (!flags.cluster) return rendered(subject, flags, {}, terminal);
  return withCluster(flags, async (cluster) => {
    const discovery = discover(cluster.client);
    const kubeVersion = flags['kube-version'] ?? (await discovery.serverVersion());
    const capabilities = { kubeVersion, apiVersions: await discovery.apiVersions() };
    const { namespace } = cluster;
    return withLookups({ ...cluster, discovery }, async (lookup) =>
      rendered(subject, { ...flags, namespace }, { capabilities, lookup }, terminal),
    );
  });
};

function parseFlags(args: readonly string[]) {
  return readArguments(args, options);
}

interface Subject {
  readonly chart: Chart;
  readonly name: string;
  readonly values: JsonObject;
}

/** What is known of the cluster. */
type ClusterFacts = Pick<RenderOptions, 'lookup'> & Partial<Pick<RenderOptions, 'capabilities'>>;

async function rendered(
  { chart, name, values }: Subject,
  flags: Flags,
  { capabilities, lookup }: ClusterFacts,
  terminal: Terminal,
): Promise<ExitCode> {
  const { namespace = 'default', 'is-upgrade': isUpgrade } = flags;
  const supposed = { kubeVersion: flags['kube-version'] ?? HELM_KUBE_VERSION, apiVersions: HELM_API_VERSIONS };
  const { kubeVersion, apiVersions } = capabilities ?? supposed;
  const texts = renderTexts(chart, {
    release: { name, namespace, revision: 1, isInstall: !isUpgrade, isUpgrade, service: 'Helm' },
    values,
    capabilities: { kubeVersion, apiVersions: [...apiVersions, ...flags['api-versions']] },
    schemaValidation: flags['skip-schema-validation'] ? 'skip' : 'run',
    lookup,
  });
  const choice: TemplateChoice = {
    showOnly: flags['show-only'],
    includeDefinitions: flags['include-crds'],
    withoutHooks: flags['no-hooks'],
    withoutTests: flags['skip-tests'],
  };
  for (const warning of texts.warnings) terminal.err(printable(`warning: ${warning}`));
  const directory = flags['output-dir'];
  if (directory === undefined) terminal.out(templateText(texts, choice, chart.helmVersion));
  else await writeFiles(directory, filesToWrite(texts, choice), terminal);
  return 0;
}

async function writeFiles(directory: string, files: ReadonlyMap<string, string>, terminal: Terminal): Promise<void> {
  for (const [name, text] of files) terminal.out(printable(`wrote ${await writeInto(directory, name, text)}`));
}
