import { changesFrom, readHistories, versionInForce } from '../../client/releases/index.ts';
import type { VersionChanges } from '../../client/releases/index.ts';
import { ClientError } from '../../client/messages/index.ts';
import type { Release, ReleaseHistory } from '../../crds/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { readRelease, withCluster } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../command.ts';
import type { Command, ExitCode } from '../command.ts';
import { CliError } from '../errors.ts';
import { OUTPUT_OPTION } from '../output.ts';
import { printable } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { changeLines } from './diff/change-lines.ts';
import { changedSpec, isChange, readWrittenRelease } from './diff/changed-spec.ts';
import { showPreview } from './diff/show-preview.ts';
import { VALUES_OPTIONS, VALUES_USAGE } from './values.ts';

/** `kubectl release diff`. */
export const usage = `Usage: kubectl release diff NAME [V1 [V2]] [options]
       kubectl release diff -f FILE [options]

Shows, field by field, what changed in the objects of a release, or what a change would do before it is made; Secrets are masked.

What was recorded:
  kubectl release diff NAME          what the version in force changed
  kubectl release diff NAME 4        what version 4 changed
  kubectl release diff NAME 2 4      what changed from version 2 to version 4

What would happen, as the controller finds out by dry run; nothing is changed:
  kubectl release diff NAME --set replicas=3 -f values.yaml --version 1.4.0
  kubectl release diff NAME --live   what differs from the version in force: what the controller would correct
  kubectl release diff -f FILE       what applying that Release would do, whether it exists or not

  --version VERSION        another version of the chart, or a range
${VALUES_USAGE}
  -o, --output FORMAT      yaml or json: what would happen, as a ReleasePreview
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command

Exits 0 if there are no differences, 3 if there are, and 1 if the change would be refused.`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  ...VALUES_OPTIONS,
  version: { type: 'string' },
  live: { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof parseFlags>['values'];

/** Prints changes that are recorded, or that would be made; 3 if there are any. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = parseFlags(args);
  if (positionals.length === 0 && flags.values.length > 0) return diffOfFile(flags, terminal);
  const [name = '', ...versions] = positionalsOf(positionals, 1, ['NAME', 'V1', 'V2']);
  const numbers = versions.map(versionNumber);
  checkGrammar(flags, numbers.length);
  return withCluster(flags, async (cluster) => {
    const release = await readRelease(cluster, name);
    if (flags.live) return showPreview(cluster, { release: name }, flags, terminal);
    if (!isChange(flags)) return recordedDiff(cluster, release, numbers, terminal);
    const template = { spec: await changedSpec(release, flags) };
    return showPreview(cluster, { release: name, template }, flags, terminal);
  });
};

function parseFlags(args: readonly string[]) {
  return readArguments(args, options);
}

/** A recorded change, one that is not made yet, and drift are three questions. Throws CliError Usage for two at once. */
function checkGrammar(flags: Flags, numbers: number): void {
  const asked = [numbers > 0, isChange(flags), flags.live].filter(Boolean).length;
  if (asked > 1)
    throw new CliError('Usage', 'recorded versions, a change and --live are three questions: ask one at a time');
  const isRecorded = !isChange(flags) && !flags.live;
  if (isRecorded && flags.output !== undefined)
    throw new CliError('Usage', '-o is for what would happen: give a change, or --live');
}

async function recordedDiff(
  cluster: Cluster,
  release: Release,
  numbers: readonly number[],
  terminal: Terminal,
): Promise<ExitCode> {
  const histories = await readHistories(cluster, release.metadata.name);
  const to = numbers.at(-1) ?? versionInForce(release);
  const from = numbers.length === 2 ? numbers[0] : undefined;
  const found = changesFrom(histories, from, to);
  terminal.out(diffReport(histories, from, to, found, terminal));
  return found.changes.length + found.unrecorded > 0 ? 3 : 0;
}

/** What applying a file with a Release would do. */
async function diffOfFile(flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const [path = '', ...others] = flags.values;
  const isMore = others.length > 0 || flags.live || isChange({ ...flags, values: [] });
  if (isMore) throw new CliError('Usage', 'without NAME, -f names one file with a Release, and nothing else is given');
  const { name, namespace, spec } = await readWrittenRelease(path);
  if (namespace !== undefined && flags.namespace !== undefined && namespace !== flags.namespace)
    throw new CliError('Usage', `the Release in ${path} is in namespace ${namespace}, not in ${flags.namespace}`);
  return withCluster({ ...flags, namespace: flags.namespace ?? namespace }, async (cluster) => {
    const version = spec.version ?? (await readRelease(cluster, name).catch(noneIfAbsent))?.spec.version;
    const template = { spec: { ...spec, ...(version === undefined ? {} : { version }) } };
    return showPreview(cluster, { release: name, template }, flags, terminal);
  });
}

function noneIfAbsent(error: unknown): undefined {
  if (error instanceof ClientError && error.code === 'NotFound') return undefined;
  throw error;
}

/** What `kubectl release diff` prints. */
export function diffReport(
  histories: readonly ReleaseHistory[],
  from: number | undefined,
  to: number,
  { changes, unrecorded }: VersionChanges,
  terminal: Terminal,
): string {
  const compared = from ?? histories.find(({ spec }) => spec.version === to)?.spec.comparedWith;
  const heads = [
    terminal.style('removed', `--- ${compared === undefined ? 'nothing' : titleOf(histories, compared)}`),
    terminal.style('added', `+++ ${titleOf(histories, to)}`),
  ];
  const lines = changeLines(changes, terminal);
  const omitted = unrecorded > 0 ? [`(${unrecorded} more changes were too many to record)`] : [];
  const none = compared === undefined ? 'there was no version before it' : 'no differences';
  return [...heads, ...(changes.length + unrecorded === 0 ? [none] : lines), ...omitted].join('\n');
}

function titleOf(histories: readonly ReleaseHistory[], version: number): string {
  const spec = histories.find((history) => history.spec.version === version)?.spec;
  const facts = spec === undefined ? '' : `  ${spec.resolved.name}-${spec.resolved.version}  ${spec.recordedAt}`;
  return printable(`version ${version}${facts}`);
}
