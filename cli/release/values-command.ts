import type { JsonObject } from '../../chart-renderer/index.ts';
import type { ReleaseHistory } from '../../crds/index.ts';
import type { Digest } from '../../registry-client/index.ts';
import { CLUSTER_OPTIONS, readRelease, withCluster } from '../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { OUTPUT_OPTION } from '../output.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from '../registry/connection.ts';
import type { RegistryFlags } from '../registry/connection.ts';
import { versionInForce } from './history.ts';
import { maskedValues, readHistory, readRecorded, secretsAmong } from './record.ts';
import type { Recorded } from './record.ts';

/** `kubectl release values`. */
export const usage = `Usage: kubectl release values NAME [--version N] [--all] [--show-secrets] [-o yaml|json] [-n NAMESPACE]

Prints the recorded values that a version was made with: those of valuesFiles, valuesFrom and values, merged. It needs permission to get
Secrets, in which versions are kept.

  --version N             the version; default: the one in force
  -a, --all               merged over the chart's own values; the chart is pulled for that, by its digest
  --show-secrets          show what came from Secrets, which is *** otherwise

For the registry of the chart, with --all:
${REGISTRY_USAGE}`;

/** Prints the values of a version. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, {
    ...CLUSTER_OPTIONS,
    ...OUTPUT_OPTION,
    ...REGISTRY_OPTIONS,
    version: { type: 'string' },
    all: { type: 'boolean', short: 'a', default: false },
    'show-secrets': { type: 'boolean', default: false },
  });
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const { output = 'yaml' } = flags;
  if (output !== 'yaml' && output !== 'json')
    throw new CliError('Usage', `-o ${output} is not known: use yaml or json`);
  const asked = flags.version === undefined ? undefined : versionNumber(flags.version);
  return withCluster(flags, async (cluster) => {
    const version = asked ?? versionInForce(await readRelease(cluster, name));
    const history = await readHistory(cluster, name, version);
    const recorded = await readRecorded(cluster, history);
    const values = flags.all ? await withChartValues(recorded, history, flags) : recorded.values;
    const shown = flags['show-secrets'] ? values : maskedValues(values, secretsAmong(recorded));
    terminal.out(await textOf(shown, output));
    return 0;
  });
};

async function textOf(values: JsonObject, output: 'yaml' | 'json'): Promise<string> {
  if (output === 'json') return (await import('../../resources/index.ts')).jsonOf(values, 2);
  return (await import('../../golang/yaml/index.ts')).writeYaml(values).trimEnd();
}

/** The recorded values over those of the chart that they were recorded with. */
async function withChartValues(
  { content, values }: Recorded,
  { spec }: ReleaseHistory,
  flags: RegistryFlags,
): Promise<JsonObject> {
  const { allValues, loadChart } = await import('../../chart-renderer/index.ts');
  const { registry, name, inline } = content.chart;
  const { helmVersion } = content;
  if (inline !== undefined) return allValues(await loadChart(Buffer.from(inline, 'base64'), { helmVersion }), values);
  if (registry === undefined || name === undefined) throw new CliError('NotFound', 'the version names no chart');
  const { pulledChart } = await import('../charts/chart-source.ts');
  const { version, digest } = spec.resolved;
  const reference = { registry, name, version, digest: digest as Digest };
  const { chart } = await pulledChart(reference, flags, helmVersion);
  return allValues(chart, values);
}
