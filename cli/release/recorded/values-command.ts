import type { Chart, JsonObject, SourcedValue } from '../../../chart-renderer/index.ts';
import { holdsSecret, maskedValues, maskOf, readHistory, readRecorded } from '../../../client/recorded/index.ts';
import type { Recorded } from '../../../client/recorded/index.ts';
import { versionInForce } from '../../../client/releases/index.ts';
import type { ReleaseHistory } from '../../../crds/index.ts';
import { atOnce } from '../../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster, type Cluster } from '../../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { OUTPUT_OPTION } from '../../output.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from '../../registry/connection.ts';
import type { RegistryFlags } from '../../registry/connection.ts';
import type { Terminal } from '../../terminal.ts';
import { chartOf } from './recorded-chart.ts';

/** `kubectl release values`. */
export const usage = `Usage: kubectl release values NAME [--version N] [--all|--explain] [--show-secrets] [-o yaml|json] [-n NAMESPACE]

Prints the recorded values that a version was made with: those of valuesFiles, valuesFrom and values, merged. It needs permission to get
Secrets, in which versions are kept.

  --version N             the version; default: the one in force
  -a, --all               merged over the chart's own values; the chart is pulled for that, by its digest
  --explain               for each value, which layer it is from and what it overrode: the chart's defaults and those of its dependencies,
                          valuesFiles, each entry of valuesFrom, values; the chart is pulled for that too
  --show-secrets          show what came from Secrets, which is *** otherwise

For the registry of the chart, with --all or --explain:
${REGISTRY_USAGE}`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  ...REGISTRY_OPTIONS,
  version: { type: 'string' },
  all: { type: 'boolean', short: 'a', default: false },
  explain: { type: 'boolean', default: false },
  'show-secrets': { type: 'boolean', default: false },
} as const;

/** Prints the values of a version. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const { output } = flags;
  if (output !== undefined && output !== 'yaml' && output !== 'json')
    throw new CliError('Usage', `-o ${output} is not known: use yaml or json`);
  if (flags.all && flags.explain) throw new CliError('Usage', '--all and --explain exclude each other');
  const asked = flags.version === undefined ? undefined : versionNumber(flags.version);
  return withCluster(flags, async (cluster) => {
    const version = asked ?? versionInForce(await readRelease(cluster, name));
    const history = await readHistory(cluster, name, version);
    const recorded = await readRecorded(cluster, history);
    const isMasked = !flags['show-secrets'];
    if (flags.explain) {
      const chart = await chartOf(recorded, history, flags);
      terminal.out(await explanation(cluster, { recorded, chart, isMasked, output }, terminal));
      return 0;
    }
    const values = flags.all ? await withChartValues(recorded, history, flags) : recorded.values;
    const shown = isMasked ? atOnce(maskedValues(values, atOnce(maskOf(recorded)))) : values;
    terminal.out(await textOf(shown, output ?? 'yaml'));
    return 0;
  });
};

async function textOf(values: object, output: 'yaml' | 'json'): Promise<string> {
  if (output === 'json') return (await import('../../../resources/index.ts')).jsonOf(values, 2);
  return (await import('../../../golang/yaml/index.ts')).writeReadableYaml(values).trimEnd();
}

/** The recorded values over those of the chart that they were recorded with. */
async function withChartValues(recorded: Recorded, history: ReleaseHistory, flags: RegistryFlags): Promise<JsonObject> {
  const { allValues } = await import('../../../chart-renderer/index.ts');
  return allValues(await chartOf(recorded, history, flags), recorded.values);
}

interface Explaining {
  recorded: Recorded;
  chart: Chart;
  isMasked: boolean;
  output: 'yaml' | 'json' | undefined;
}

async function explanation(
  cluster: Cluster,
  { recorded, chart, isMasked, output }: Explaining,
  terminal: Terminal,
): Promise<string> {
  const { explainValues } = await import('../../../chart-renderer/index.ts');
  const { explanationData, explanationTable } = await import('./explain.ts');
  const { layersOf } = await import('../../../client/recorded/index.ts');
  const layers = await layersOf(cluster, recorded, chart);
  const secretLayers = new Set(layers.filter(({ isSecret }) => isSecret).map(({ source }) => source));
  const mask = atOnce(maskOf(recorded));
  const isSecret = ({ value, source }: SourcedValue): boolean =>
    isMasked && (secretLayers.has(source) || atOnce(holdsSecret(value, mask)));
  const explained = explainValues(chart, layers);
  if (output === undefined) return explanationTable(explained, isSecret, terminal);
  return textOf(explanationData(explained, isSecret), output);
}
