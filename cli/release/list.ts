import { conditionOf, type Condition, type HealthColour, type Release } from '../../crds/index.ts';
import { tenantOf } from '../../client/releases/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { RELEASES, releaseOf, withCluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { OUTPUT_OPTION, printAs } from '../output.ts';
import { table } from '../table.ts';
import type { Cell } from '../table.ts';
import type { StyleName, Terminal } from '../terminal.ts';
import { ageOf } from './age.ts';
import { follow } from './follow/follow.ts';

/** `kubectl release list`. */
export const usage = `Usage: kubectl release list [options]

Lists releases: chart, version, health, and whether and why they are ready.

  -A, --all-namespaces     of all namespaces
  --health COLOUR          only those that are Green, Yellow or Red; several: Yellow,Red
  --chart NAME             only those of this chart, whatever its version
  --tenant NAME            only those of this tenant, of all its namespaces: by the label coxswain.dev/tenant, or the
                           namespace, without an ending such as -dev or -prod
  --not-ready              only those that are not ready
  --suspended              only those that are suspended
  -l, --selector SELECTOR  only those with these labels
  --field-selector FIELDS  such as metadata.name=web
  -o, --output FORMAT      wide: with the range that is followed, and the cause; json, yaml, name, or jsonpath=TEMPLATE
  -w, --watch              go on, and list each again when it changes
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  'all-namespaces': { type: 'boolean', short: 'A', default: false },
  health: { type: 'string' },
  chart: { type: 'string' },
  tenant: { type: 'string' },
  'not-ready': { type: 'boolean', default: false },
  suspended: { type: 'boolean', default: false },
  selector: { type: 'string', short: 'l' },
  'field-selector': { type: 'string' },
  watch: { type: 'boolean', short: 'w', default: false },
} as const;

type Flags = ReturnType<typeof parseFlags>['values'];

/** Prints the Releases of a namespace, or of all. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = parseFlags(args);
  positionalsOf(positionals, 0, []);
  const isWanted = filterOf(flags);
  const { output = 'table', selector: labelSelector, 'field-selector': fieldSelector } = flags;
  const isTable = output === 'table' || output === 'wide';
  if (flags.watch && !isTable) throw new CliError('Usage', `--watch is for the table, not for -o ${output}`);
  const isInAll = flags['all-namespaces'] || flags.tenant !== undefined;
  const columns = { isWide: output === 'wide', isInAll };
  return withCluster(flags, async ({ client, namespace: own }) => {
    const namespace = isInAll ? undefined : own;
    const selection = { labelSelector, fieldSelector };
    if (flags.watch) {
      const print = (releases: readonly Release[]): string =>
        releaseTable(releases.filter(isWanted), columns, terminal);
      return follow({ client, namespace, ...selection }, print, terminal);
    }
    const found = (await client.list(RELEASES, namespace, selection)).map(releaseOf).filter(isWanted);
    if (!isTable) await printAs(output, found, terminal);
    else if (found.length > 0) terminal.out(releaseTable(found, columns, terminal));
    else terminal.err(nothingFound(flags, namespace));
    return 0;
  });
};

function parseFlags(args: readonly string[]) {
  return readArguments(args, options);
}

function nothingFound(flags: Flags, namespace: string | undefined): string {
  const { health, chart, tenant, selector, 'field-selector': fieldSelector } = flags;
  const isFiltered = [health, chart, tenant, selector, fieldSelector].some(Boolean);
  const what = isFiltered || flags['not-ready'] || flags.suspended ? 'no such releases' : 'no releases';
  if (namespace === undefined) return `${what} found`;
  return `${what} found in namespace "${namespace}"; -A looks in all`;
}

const COLOURS: ReadonlySet<string> = new Set(['green', 'yellow', 'red']);

/** Which Releases are asked for. Throws CliError Usage for a colour that does not exist. */
export function filterOf(flags: {
  readonly health?: string | undefined;
  readonly chart?: string | undefined;
  readonly tenant?: string | undefined;
  readonly 'not-ready': boolean;
  readonly suspended: boolean;
}): (release: Release) => boolean {
  const colours = flags.health?.toLowerCase().split(',');
  const unknown = colours?.find((colour) => !COLOURS.has(colour));
  if (unknown !== undefined) throw new CliError('Usage', `--health ${unknown} is not known: use Green, Yellow or Red`);
  const conditions: ((release: Release) => boolean)[] = [];
  if (colours) conditions.push(({ status }) => colours.includes(status?.health?.toLowerCase() ?? ''));
  if (flags.chart !== undefined) conditions.push((release) => chartNameOf(release) === flags.chart);
  if (flags.tenant !== undefined) conditions.push((release) => tenantOf(release).tenant === flags.tenant);
  if (flags['not-ready']) conditions.push((release) => readyOf(release)?.status !== 'True');
  if (flags.suspended) conditions.push(({ spec }) => spec.suspend);
  return (release) => conditions.every((holds) => holds(release));
}

function chartNameOf({ spec, status }: Release): string | undefined {
  return spec.chart.name ?? status?.chart?.name;
}

function readyOf({ status }: Release): Condition | undefined {
  return conditionOf(status, 'Ready');
}

const STYLES: Readonly<Record<HealthColour, StyleName>> = { Green: 'good', Yellow: 'pending', Red: 'bad' };

/** The table that `kubectl release list` prints. */
export function releaseTable(
  releases: readonly Release[],
  { isWide, isInAll }: { readonly isWide: boolean; readonly isInAll: boolean },
  terminal: Terminal,
  nowMs = Date.now(),
): string {
  const ordered = releases.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const rows = ordered.map((release): Cell[] => {
    const { metadata, status } = release;
    return [
      ...(isInAll ? [metadata.namespace] : []),
      metadata.name,
      ...stateCells(release),
      ageOf(metadata.creationTimestamp, nowMs),
      ...(isWide ? [status?.followed?.range ?? '', status?.message ?? ''] : []),
    ];
  });
  const namespace = isInAll ? ['NAMESPACE'] : [];
  const wide = isWide ? ['FOLLOWS', 'MESSAGE'] : [];
  return table([...namespace, 'NAME', 'CHART', 'VERSION', 'HEALTH', 'READY', 'REASON', 'AGE', ...wide], rows, terminal);
}

/** Chart, version, health, whether it is ready, and why or why not. */
function stateCells(release: Release): Cell[] {
  const { spec, status = {} } = release;
  const { version = '', health } = status;
  const ready = readyOf(release);
  return [
    chartTextOf(release),
    String(version),
    health === undefined ? 'Unknown' : { text: health, style: STYLES[health] },
    ready?.status ?? 'Unknown',
    spec.suspend ? 'Suspended' : (ready?.reason ?? ''),
  ];
}

function chartTextOf({ spec, status }: Release): string {
  const chart = status?.chart;
  return chart === undefined ? (spec.chart.name ?? '') : `${chart.name}-${chart.version}`;
}

function keyOf({ metadata }: Release): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
