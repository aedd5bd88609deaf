import { printable } from './terminal.ts';
import type { StyleName, Terminal } from './terminal.ts';
import { wrapped } from './words/wrap.ts';

/** A cell: its text, made printable here, and perhaps what it means. */
export type Cell = string | { readonly text: string; readonly style: StyleName };

const GAP = '   ';
/** The least width that is left to the last column. */
const MIN_LAST = 20;

/**
 * Lays out rows under upper-case headers as kubectl does, columns as wide as their widest cell; `<none>` for empty cells. Where a terminal is
 * too narrow, the last column is broken into lines or, if even that has no room, each row becomes a list of its cells.
 */
export function table(headers: readonly string[], rows: readonly (readonly Cell[])[], terminal: Terminal): string {
  const texts = [headers, ...rows.map((row) => row.map(textOf))];
  const widths = headers.map((_, column) => Math.max(...texts.map((row) => widthOf(row[column] ?? ''))));
  const { columns = Infinity } = terminal;
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const last = Math.min(widths.at(-1) ?? 0, Math.max(columns - before, MIN_LAST));
  if (before + last > columns) return records(headers, rows, terminal);
  return [headers, ...rows].map((row) => line(row, [...widths.slice(0, -1), last], terminal)).join('\n');
}

function line(row: readonly Cell[], widths: readonly number[], terminal: Terminal): string {
  const indent = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const cells = row.map((cell, column) => {
    const width = widths[column] ?? 0;
    const isLast = column === row.length - 1;
    const [first = '', ...rest] = isLast ? wrapped(textOf(cell), Math.max(width, 1)) : [textOf(cell)];
    const padding = isLast ? '' : ' '.repeat(width - widthOf(first));
    return styled(cell, first, terminal) + padding + rest.map((text) => `\n${' '.repeat(indent)}${text}`).join('');
  });
  return cells.join(GAP);
}

/** Each row as a list, a cell on each line beside its header. */
function records(headers: readonly string[], rows: readonly (readonly Cell[])[], terminal: Terminal): string {
  const width = Math.max(...headers.map(widthOf)) + 2;
  const room = Math.max((terminal.columns ?? 0) - width, MIN_LAST);
  const texts = rows.map((row) =>
    row.flatMap((cell, column) => {
      const [first = '', ...rest] = wrapped(textOf(cell), room);
      const head = (headers[column] ?? '').padEnd(width);
      return [head + styled(cell, first, terminal), ...rest.map((text) => ' '.repeat(width) + text)];
    }),
  );
  return texts.map((lines) => lines.join('\n')).join('\n\n');
}

function styled(cell: Cell, text: string, terminal: Terminal): string {
  return typeof cell === 'string' ? text : terminal.style(cell.style, text);
}

function textOf(cell: Cell): string {
  return printable(typeof cell === 'string' ? cell : cell.text) || '<none>';
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
