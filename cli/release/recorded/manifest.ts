import type { SourcedObject } from '../../../chart-renderer/index.ts';
import { maskOf, readHistory, readRecorded, withoutSecrets } from '../../../client/recorded/index.ts';
import { versionInForce } from '../../../client/releases/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { atOnce } from '../../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster } from '../../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { OUTPUT_OPTION } from '../../output.ts';
import { printableLines } from '../../terminal.ts';

/** `kubectl release manifest`. */
export const usage = `Usage: kubectl release manifest NAME [--version N] [--hooks] [--crds] [--show-secrets] [-o yaml|json] [-n NAMESPACE]

Prints the objects that a version consists of, as they are applied, like helm get manifest. It needs permission to get Secrets, in which
versions are kept.

  --version N             the version; default: the one in force
  --hooks                 its hooks instead; --crds: the definitions in the chart's crds/ instead
  --show-secrets          show the data of Secrets and the values that came from some, which are *** otherwise`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  version: { type: 'string' },
  hooks: { type: 'boolean', default: false },
  crds: { type: 'boolean', default: false },
  'show-secrets': { type: 'boolean', default: false },
} as const;

/** Prints the objects of a version. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const { output = 'yaml' } = flags;
  if (output !== 'yaml' && output !== 'json')
    throw new CliError('Usage', `-o ${output} is not known: use yaml or json`);
  const asked = flags.version === undefined ? undefined : versionNumber(flags.version);
  return withCluster(flags, async (cluster) => {
    const version = asked ?? versionInForce(await readRelease(cluster, name));
    const recorded = await readRecorded(cluster, await readHistory(cluster, name, version));
    const items = itemsOf(recorded, flags);
    const shown = flags['show-secrets'] ? items : atOnce(withoutSecrets(items, atOnce(maskOf(recorded))));
    if (output === 'json' || shown.length > 0) terminal.out(await textOf(shown, output));
    return 0;
  });
};

function itemsOf(
  { objects, hooks, crds }: Pick<VersionRecord, 'objects' | 'hooks' | 'crds'>,
  flags: { hooks: boolean; crds: boolean },
): readonly SourcedObject[] {
  if (flags.hooks) return hooks;
  return flags.crds ? crds : objects;
}

async function textOf(items: readonly SourcedObject[], output: 'yaml' | 'json'): Promise<string> {
  if (output === 'json') {
    const { jsonOf } = await import('../../../resources/index.ts');
    return jsonOf({ apiVersion: 'v1', kind: 'List', items: items.map(({ object }) => object) }, 2);
  }
  const { writeReadableYaml } = await import('../../../golang/yaml/index.ts');
  const documents = items.map(({ object, source }) => `---\n# Source: ${source}\n${writeReadableYaml(object)}`);
  return printableLines(documents.join('').trimEnd());
}
