import type { ChartSignature, Condition, HealthColour, HookResult, Release, ResourceStatus } from '../../crds/index.ts';
import { ageOf } from './age.ts';
import { planReport } from './plan-report.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { readRelease, withCluster } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command, ExitCode } from '../command.ts';
import { CliError } from '../errors.ts';
import { OUTPUT_OPTION, printAs } from '../output.ts';
import { table } from '../table.ts';
import { wrapped } from '../words/wrap.ts';
import { follow } from './follow/follow.ts';
import type { Cell } from '../table.ts';
import { printable, printableLines } from '../terminal.ts';
import type { StyleName, Terminal } from '../terminal.ts';

/** `kubectl release status`. */
export const usage = `Usage: kubectl release status NAME [-n NAMESPACE] [-o json|yaml|name|jsonpath=TEMPLATE] [-w]

Shows a release: its version, the health of each of its objects with the cause, the plan that waits for approval, and its conditions.

  -w, --watch   go on, and show it again whenever it changes: in place, on a terminal`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  watch: { type: 'boolean', short: 'w', default: false },
} as const;

/** Prints the status of a Release. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  if (values.watch && values.output !== undefined)
    throw new CliError('Usage', `--watch is not for -o ${values.output}`);
  return withCluster(values, async (cluster) => {
    const release = await readRelease(cluster, name);
    if (values.output !== undefined) await printAs(values.output, release, terminal);
    else if (values.watch) return watchStatus(cluster, name, terminal);
    else terminal.out(statusReport(release, Date.now(), terminal));
    return 0;
  });
};

async function watchStatus({ client, namespace }: Cluster, name: string, terminal: Terminal): Promise<ExitCode> {
  const print = ([release]: readonly Release[]): string =>
    release === undefined ? `release "${name}" was deleted` : statusReport(release, Date.now(), terminal);
  return follow({ client, namespace, fieldSelector: `metadata.name=${name}` }, print, terminal);
}

/** What `kubectl release status` prints. */
export function statusReport(release: Release, nowMs: number, terminal: Terminal): string {
  const conditions = release.status?.conditions ?? [];
  const parts = [headline(release, terminal), ...tree(release, terminal)];
  const { plan } = release.status ?? {};
  if (plan !== undefined) parts.push('', planReport(plan, terminal));
  if (conditions.length > 0) parts.push('', conditionTable(conditions, nowMs, terminal), ...detailsOf(conditions));
  return parts.join('\n');
}

const STYLES: Readonly<Record<HealthColour, StyleName>> = { Green: 'good', Yellow: 'pending', Red: 'bad' };

function headline({ metadata, status: found }: Release, terminal: Terminal): string {
  const name = terminal.style('heading', `${metadata.namespace}/${metadata.name}`);
  if (found?.version === undefined) return `${name}  ${coloured(found?.health, terminal)}  no version is in force yet`;
  const { chart } = found;
  const chartText = chart === undefined ? '' : `  ${printable(`${chart.name}-${chart.version}`)}`;
  const cause =
    found.message === undefined || found.health === 'Green'
      ? ''
      : `\n${wrappedText(printable(found.message), terminal)}`;
  const signature = chart?.verified === undefined ? '' : `  ${signedBy(chart.verified)}`;
  return `${name}  ${coloured(found.health, terminal)}  version ${found.version}${chartText}${signature}${cause}`;
}

function signedBy({ key, fingerprint, signer }: ChartSignature): string {
  return printable(`signed by ${signer ?? key} (${fingerprint.replace(/^(.{20}).+/, '$1…')})`);
}

function coloured(health: HealthColour | undefined, terminal: Terminal): string {
  return health === undefined ? 'Unknown' : terminal.style(STYLES[health], health);
}

interface Branch {
  readonly title: string;
  readonly state: string;
  readonly style: StyleName;
  readonly message: string;
  /** What a hook's pod wrote last. */
  readonly log?: string;
}

/** One line a child, then one a hook of the operation under way or done last, then one a test of the last run. */
function tree({ metadata, status: found }: Release, terminal: Terminal): string[] {
  const children = (found?.resources ?? []).map((child) => branchOfChild(child, metadata.namespace));
  const hooks = [...(found?.hooks ?? []), ...(found?.tests?.results ?? [])];
  const branches = [...children, ...hooks.map(branchOfHook)];
  const width = Math.max(0, ...branches.map(({ title }) => title.length));
  return branches.map(({ title, state, style, message, log }, index) => {
    const joint = index === branches.length - 1 ? '└─' : '├─';
    const line = `${joint} ${title.padEnd(width)}  ${terminal.style(style, state)}`;
    const written = log === undefined ? [] : log.split('\n').map((text) => `\n${' '.repeat(BELOW)}${printable(text)}`);
    return [line, ...beside(message, 3 + width + 2 + state.length + 2, terminal), ...written].join('');
  });
}

const MIN_ROOM = 24;
const BELOW = 5;

/** A message that stands beside what is there already, as far as a terminal has room, or below it. */
function beside(message: string, taken: number, { columns = Infinity }: Terminal): string[] {
  if (message === '' || taken + message.length <= columns) return message === '' ? [] : [`  ${message}`];
  const hasRoom = columns - taken >= MIN_ROOM;
  const indent = `\n${' '.repeat(hasRoom ? taken : BELOW)}`;
  const [first = '', ...rest] = wrapped(message, columns - (hasRoom ? taken : BELOW));
  return [hasRoom ? `  ${first}` : indent + first, ...rest.map((text) => indent + text)];
}

function wrappedText(text: string, { columns = Infinity }: Terminal): string {
  return wrapped(text, columns).join('\n');
}

function branchOfChild(child: ResourceStatus, namespace: string): Branch {
  const elsewhere = child.namespace === undefined ? ' (cluster)' : '';
  const foreign = child.namespace !== undefined && child.namespace !== namespace ? `${child.namespace}/` : '';
  return {
    title: printable(`${child.kind}/${foreign}${child.name}${elsewhere}`),
    state: child.health,
    style: STYLES[child.health],
    message: printable(child.message ?? ''),
  };
}

const PHASES: Readonly<Record<HookResult['phase'], StyleName>> = {
  Running: 'pending',
  Succeeded: 'good',
  Failed: 'bad',
};

function branchOfHook(hook: HookResult): Branch {
  return {
    title: printable(`${hook.kind}/${hook.name} (hook ${hook.run})`),
    state: hook.phase,
    style: PHASES[hook.phase],
    message: printable(hook.message ?? ''),
    ...(hook.log !== undefined && { log: hook.log }),
  };
}

function conditionTable(conditions: readonly Condition[], nowMs: number, terminal: Terminal): string {
  const rows = conditions.map((condition): Cell[] => [
    condition.type,
    { text: condition.status, style: styleOf(condition) },
    condition.reason,
    ageOf(condition.lastTransitionTime, nowMs),
    firstLine(condition.message),
  ]);
  return table(['CONDITION', 'STATUS', 'REASON', 'AGE', 'MESSAGE'], rows, terminal);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

/** What the messages say after their first lines, such as the line of a template that failed; said once. */
function detailsOf(conditions: readonly Condition[]): string[] {
  const details = conditions.map(({ message }) => message.slice(firstLine(message).length + 1)).filter(Boolean);
  return [...new Set(details)].flatMap((text) => ['', printableLines(text)]);
}

function styleOf({ type, status: value }: Condition): StyleName {
  if (type === 'Stalled') return value === 'True' ? 'bad' : 'good';
  if (type === 'Drifted') return value === 'False' ? 'good' : 'pending';
  if (type === 'Reconciling') return 'pending';
  if (type === 'Healthy' && value === 'False') return 'bad';
  return value === 'True' ? 'good' : 'pending';
}
