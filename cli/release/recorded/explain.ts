import type { ExplainedValue, SourcedValue } from '../../../chart-renderer/index.ts';
import { jsonOf } from '../../../resources/index.ts';
import { table, type Cell } from '../../table.ts';
import type { Terminal } from '../../terminal.ts';

/** Decides whether a value is a secret, by what it is or where it is from. */
export type IsSecret = (value: SourcedValue) => boolean;

const MAX_CHARS = 60;

/** A table of values: what each is, which layer it is from, and what it overrode, nearest first. */
export function explanationTable(explained: readonly ExplainedValue[], isSecret: IsSecret, terminal: Terminal): string {
  const rows = explained.map(({ path, from, isDeleted, over }): Cell[] => [
    pathText(path),
    isDeleted ? { text: 'deleted', style: 'faint' } : valueText(from, isSecret),
    isDeleted ? `${from.source}: null` : sourceText(from, path),
    over.map((each) => `${valueText(each, isSecret)} (${sourceText(each, path)})`).join(', '),
  ]);
  return table(['PATH', 'VALUE', 'FROM', 'OVER'], rows, terminal);
}

/** The same as data. */
export function explanationData(explained: readonly ExplainedValue[], isSecret: IsSecret): object[] {
  const told = (one: SourcedValue): object => ({
    value: isSecret(one) ? '***' : one.value,
    source: one.source,
    at: pathText(one.at),
  });
  return explained.map(({ path, from, isDeleted, over }) => ({
    path: pathText(path),
    ...(isDeleted ? { deleted: true } : {}),
    ...told(from),
    over: over.map(told),
  }));
}

/** A path as `--set` takes it. */
function pathText(path: readonly string[]): string {
  return path.map((key) => key.replace(/[\\.[\],=]/gu, '\\$&')).join('.');
}

function valueText(one: SourcedValue, isSecret: IsSecret): string {
  if (isSecret(one)) return '***';
  const text = jsonOf(one.value);
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}…`;
}

function sourceText({ source, at }: SourcedValue, path: readonly string[]): string {
  return at.join('\0') === path.join('\0') ? source : `${source} at ${pathText(at)}`;
}
