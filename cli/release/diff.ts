import type { FieldChange, ReleaseHistory } from '../../crds/index.ts';
import { CLUSTER_OPTIONS, readRelease, withCluster } from '../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../command.ts';
import type { Command } from '../command.ts';
import { readHistories, versionInForce } from './history.ts';
import { changesFrom } from './changes.ts';
import type { VersionChanges } from './changes.ts';
import { printable } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

/** `kubectl release diff`. */
export const usage = `Usage: kubectl release diff NAME [V1 [V2]] [-n NAMESPACE]

Shows, field by field, what changed in the objects of a release; Secrets are masked.
  kubectl release diff NAME          what the version in force changed
  kubectl release diff NAME 4        what version 4 changed
  kubectl release diff NAME 2 4      what changed from version 2 to version 4
Exits 3 if there are differences, 0 if there are none.`;

/** Prints recorded changes; 3 if there are any. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, CLUSTER_OPTIONS);
  const [name = '', ...versions] = positionalsOf(positionals, 1, ['NAME', 'V1', 'V2']);
  const numbers = versions.map(versionNumber);
  return withCluster(values, async (cluster) => {
    const release = await readRelease(cluster, name);
    const histories = await readHistories(cluster, name);
    const to = numbers.at(-1) ?? versionInForce(release);
    const from = numbers.length === 2 ? numbers[0] : undefined;
    const found = changesFrom(histories, from, to);
    terminal.out(diffReport(histories, from, to, found, terminal));
    return found.changes.length + found.unrecorded > 0 ? 3 : 0;
  });
};

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
  return [...heads, ...(changes.length + unrecorded === 0 ? ['no differences'] : lines), ...omitted].join('\n');
}

function titleOf(histories: readonly ReleaseHistory[], version: number): string {
  const spec = histories.find((history) => history.spec.version === version)?.spec;
  const facts = spec === undefined ? '' : `  ${spec.resolved.name}-${spec.resolved.version}  ${spec.recordedAt}`;
  return printable(`version ${version}${facts}`);
}

/** Changes, by object, as lines to print. */
export function changeLines(changes: readonly FieldChange[], terminal: Terminal): string[] {
  const byObject = Map.groupBy(changes, ({ object }) => object);
  return [...byObject].flatMap(([object, its]) => linesOf(object, its, terminal));
}

const SIGNS = { Added: '+', Removed: '-', Changed: '~' } as const;
const STYLES = { Added: 'added', Removed: 'removed', Changed: 'heading' } as const;

function linesOf(object: string, changes: readonly FieldChange[], terminal: Terminal): string[] {
  const whole = changes.find(({ path }) => path === '');
  const change = whole?.change ?? 'Changed';
  return [
    terminal.style(STYLES[change], printable(`${SIGNS[change]} ${object}`)),
    ...changes.filter(({ path }) => path !== '').flatMap((change) => fieldLines(change, terminal)),
  ];
}

function fieldLines({ path, from, to }: FieldChange, terminal: Terminal): string[] {
  const side = (sign: '-' | '+', value: string | undefined): string[] => {
    if (value === undefined) return [];
    const style = sign === '-' ? 'removed' : 'added';
    return value
      .trimEnd()
      .split('\n')
      .map((line) => terminal.style(style, `    ${sign} ${printable(line)}`));
  };
  return [`  ${printable(fieldPath(path))}`, ...side('-', from), ...side('+', to)];
}

/** A JSON pointer as people write a field: `.spec.containers[0].image`, `.metadata.annotations["a/b"]`. */
export function fieldPath(pointer: string): string {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const step = (key: string): string => {
    if (/^\d+$/.test(key)) return `[${key}]`;
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  };
  return keys.map(step).join('');
}
