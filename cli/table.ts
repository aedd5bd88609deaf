import { printable } from './terminal.ts';
import type { StyleName, Terminal } from './terminal.ts';

/** A cell: its text, made printable here, and perhaps what it means. */
export type Cell = string | { readonly text: string; readonly style: StyleName };

const GAP = '   ';

/** Lays out rows under upper-case headers as kubectl does, columns as wide as their widest cell; `<none>` for empty cells. */
export function table(headers: readonly string[], rows: readonly (readonly Cell[])[], terminal: Terminal): string {
  const texts = [headers, ...rows.map((row) => row.map(textOf))];
  const widths = headers.map((_, column) => Math.max(...texts.map((row) => widthOf(row[column] ?? ''))));
  const lines = [headers, ...rows].map((row) =>
    row
      .map((cell, column) => {
        const isLast = column === row.length - 1;
        const text = textOf(cell);
        const padding = isLast ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(text));
        return (typeof cell === 'string' ? text : terminal.style(cell.style, text)) + padding;
      })
      .join(GAP),
  );
  return lines.join('\n');
}

function textOf(cell: Cell): string {
  return printable(typeof cell === 'string' ? cell : cell.text) || '<none>';
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
