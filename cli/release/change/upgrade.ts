import type { Release, ReleaseSpec } from '../../../crds/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { findRelease, withCluster } from '../../cluster.ts';
import type { Cluster } from '../../cluster.ts';
import { positionalsOf, readArguments } from '../../command.ts';
import type { Command, ExitCode } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { helmVersionOf } from '../../helm-version.ts';
import { printAs } from '../../output.ts';
import { printable } from '../../terminal.ts';
import type { Terminal } from '../../terminal.ts';
import { showPreview } from '../diff/show-preview.ts';
import { givenValues } from '../values.ts';
import { patienceOf } from '../wait.ts';
import { CHANGE_OPTIONS, CHANGE_USAGE, createRelease } from './creation.ts';
import { chosenChart, announceFollowing } from './new-spec.ts';
import { refuseReplacedSecrets, secretValuesOf, writeSecretValues, type SecretValues } from './secret-values.ts';
import { changeSpec } from '../../../client/releases/index.ts';
import { droppedValues, upgradedSpec, type ValuesMode } from '../../../client/edits/index.ts';
import { waitAndShow } from './wait-and-show.ts';

/** `kubectl release upgrade`. */
export const usage = `Usage: kubectl release upgrade NAME [CHART] [options]

Changes the chart or the values of a release: a new version. Without CHART, it keeps its chart.

  kubectl release upgrade web --set replicas=3 --reuse-values
  kubectl release upgrade web oci://HOST/SPACE/NAME --version 1.3.0 -f values.yaml --install --wait

  -i, --install            create the release if there is none
  --reuse-values           values given are merged over those that the release has; so does --reset-then-reuse-values
  --reset-values           values of the release are dropped, whether any are given or not
                           default, as with Helm: if any are given, they take the place of those of the release; else those stay
  --version VERSION        a version, or a range that is followed; with CHART, default: the newest stable one is followed
${CHANGE_USAGE}`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...CHANGE_OPTIONS,
  install: { type: 'boolean', short: 'i', default: false },
  'reuse-values': { type: 'boolean', default: false },
  'reset-then-reuse-values': { type: 'boolean', default: false },
  'reset-values': { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof parseFlags>['values'];

/** What is asked for, besides the flags. */
interface Upgrade {
  readonly name: string;
  readonly chart: string | undefined;
  readonly mode: ValuesMode;
  readonly secrets: SecretValues;
}

/** Changes a Release, or shows what that would do; with `--install`, creates it if there is none. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = parseFlags(args);
  const [name = '', chart] = positionalsOf(positionals, 1, ['NAME', 'CHART']);
  const mode = modeOf(flags);
  patienceOf(flags);
  const secrets = await secretValuesOf(name, flags, flags['dry-run']);
  return withCluster(flags, async (cluster) => {
    const present = await findRelease(cluster, name);
    if (present !== undefined) return upgrade(cluster, present, { name, chart, mode, secrets }, flags, terminal);
    if (!flags.install)
      throw new CliError('NotFound', `there is no release "${name}" in namespace "${cluster.namespace}"`, {
        next: 'To create it if there is none, add --install; kubectl release list -A shows those there are.',
      });
    if (chart === undefined) throw new CliError('Usage', 'CHART missing, which a new release needs');
    return createRelease(cluster, { name, chart, secrets }, flags, terminal);
  });
};

function parseFlags(args: readonly string[]) {
  return readArguments(
    args.map((argument) => argument.replace(/^--dry-run=(server|client)$/, '--dry-run')),
    options,
  );
}

function modeOf(flags: Flags): ValuesMode {
  const isReuse = flags['reuse-values'] || flags['reset-then-reuse-values'];
  if (isReuse && flags['reset-values'])
    throw new CliError('Usage', '--reuse-values and --reset-values exclude each other');
  if (isReuse) return 'reuse';
  return flags['reset-values'] ? 'reset' : 'as-helm';
}

async function upgrade(
  cluster: Cluster,
  present: Release,
  asked: Upgrade,
  flags: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const change = await changeFor(present.spec.helmVersion, asked, flags);
  const spec = await change(present.spec);
  await refuseReplacedSecrets((spec.values ?? {}) as Parameters<typeof refuseReplacedSecrets>[0], asked.secrets);
  tellWhatIsDropped(present.spec, spec, terminal);
  const question = { release: asked.name, template: { spec } };
  if (flags['dry-run']) return showPreview(cluster, question, flags, terminal);
  await writeSecretValues(cluster, asked.secrets);
  const changed = await changeSpec(cluster, present, change);
  const isSame = changed.metadata.generation === present.metadata.generation;
  if (flags.output !== undefined) await printAs(flags.output, changed, terminal);
  else {
    if (asked.chart !== undefined) announceFollowing(asked.name, spec.chart, terminal);
    terminal.out(`release.coxswain.dev/${asked.name} ${isSame ? 'unchanged' : 'changed'}`);
  }
  return flags.wait === true ? waitAndShow(cluster, changed, flags, terminal) : 0;
}

/** Reads what the flags name once, and returns what it makes of a spec. */
async function changeFor(
  ofRelease: ReleaseSpec['helmVersion'],
  { chart: named, mode, secrets }: Upgrade,
  flags: Flags,
): Promise<(spec: ReleaseSpec) => Promise<ReleaseSpec>> {
  const helmVersion = helmVersionOf(flags);
  const given = await givenValues(flags, helmVersion ?? ofRelease);
  const chart = named === undefined ? undefined : await chosenChart(named, flags, helmVersion ?? ofRelease);
  const { mergeValues } = await import('../../../chart-renderer/index.ts');
  const { version, secret, 'service-account': serviceAccountName } = flags;
  const { references } = secrets;
  return async (spec) => {
    const own = (spec.values ?? {}) as typeof given;
    const values = { given, merged: mergeValues(own, given), mode };
    return upgradedSpec(spec, { chart, version, secret, values, helmVersion, serviceAccountName, references });
  };
}

const MAX_NAMED_VALUES = 5;

function tellWhatIsDropped(before: ReleaseSpec, after: ReleaseSpec, terminal: Terminal): void {
  const dropped = droppedValues(before.values ?? {}, after.values ?? {}, MAX_NAMED_VALUES + 1);
  if (dropped.length === 0) return;
  const told = dropped.slice(0, MAX_NAMED_VALUES).join(', ') + (dropped.length > MAX_NAMED_VALUES ? ', …' : '');
  terminal.err(printable(`values that the release no longer sets: ${told}; --reuse-values keeps them`));
}
