import { readHistories } from '../../client/releases/index.ts';
import type { Release, ReleaseHistory } from '../../crds/index.ts';
import { ageOf } from './age.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { readRelease, withCluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { OUTPUT_OPTION, printAs } from '../output.ts';
import { table } from '../table.ts';
import { rollbackChecks } from './diff/rollback-checks.ts';
import type { Terminal } from '../terminal.ts';

/** `kubectl release history`. */
export const usage = `Usage: kubectl release history NAME [-n NAMESPACE] [-o wide|yaml|json|name] [--check]

Lists the recorded versions of a release, newest first. The one in force is marked with *. -o wide adds the helmVersion of each.

  --check   find out by dry run whether the release could go to each of them now, and if not, why`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  check: { type: 'boolean', default: false },
} as const;

/** Prints the recorded versions of a Release. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const { output = 'table', check } = values;
  const isTable = output === 'table' || output === 'wide';
  if (check && !isTable) throw new CliError('Usage', `--check is for the table, not for -o ${output}`);
  return withCluster(values, async (cluster) => {
    const release = await readRelease(cluster, name);
    const histories = await readHistories(cluster, name);
    if (!isTable) await printAs(output, histories, terminal);
    if (!isTable) return 0;
    const checks = check ? await rollbackChecks(cluster, release, histories) : undefined;
    const how = { nowMs: Date.now(), isWide: output === 'wide', checks };
    terminal.out(historyTable(release, histories, terminal, how));
    return 0;
  });
};

/** What stands for the editor of a version that nobody edited. */
const UNASKED: Partial<Record<ReleaseHistory['spec']['cause'], string>> = {
  Chart: 'chart followed',
  Cluster: 'cluster changed',
  Inputs: 'data of valuesFrom',
};

function editorOf({ editedBy, changedBy, cause }: ReleaseHistory['spec']): string {
  if (editedBy === undefined) return changedBy ?? UNASKED[cause] ?? '';
  return changedBy === undefined ? editedBy : `${editedBy} (${changedBy})`;
}

/** How the table of versions is to be. */
interface TableOptions {
  readonly nowMs: number;
  readonly isWide: boolean;
  /** Whether each version could be gone to, by number. */
  readonly checks?: ReadonlyMap<number, string> | undefined;
}

/** The table that `kubectl release history` prints; a wide one has the spec's helmVersion too. */
export function historyTable(
  release: Release,
  histories: readonly ReleaseHistory[],
  terminal: Terminal,
  { nowMs, isWide, checks }: TableOptions,
): string {
  const rows = histories.map(({ spec }) => [
    `${spec.version}${spec.version === release.status?.version ? ' *' : ''}`,
    `${spec.resolved.name}-${spec.resolved.version}`,
    spec.resolved.appVersion ?? '',
    ...(isWide ? [spec.helmVersion ?? ''] : []),
    spec.comparedWith === undefined ? '' : String(spec.changesTotal),
    editorOf(spec),
    ageOf(spec.recordedAt, nowMs),
    spec.description,
    ...(checks === undefined ? [] : [checks.get(spec.version) ?? 'in force']),
  ]);
  const chart = ['CHART', 'APP VERSION', ...(isWide ? ['HELM VERSION'] : [])];
  const check = checks === undefined ? [] : ['ROLLBACK'];
  return table(['VERSION', ...chart, 'CHANGES', 'CHANGED BY', 'AGE', 'DESCRIPTION', ...check], rows, terminal);
}
