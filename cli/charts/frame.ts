import { printable } from '../terminal.ts';

/** A place in a text: the line, from 1, and perhaps the column, in bytes from 0. */
export type Place = { readonly file: string; readonly line: number; readonly column?: number | undefined };

/** The line of a text at a place with a caret below it, under a heading that editors and terminals can open. */
export function frame({ file, line, column }: Place, text: string): string {
  const shown = plain(text);
  const before =
    column === undefined ? /^\s*/.exec(shown)?.[0] : plain(Buffer.from(text).subarray(0, column).toString());
  const number = String(line);
  const margin = ' '.repeat(number.length);
  return [
    `${margin}--> ${printable(file)}:${number}${column === undefined ? '' : `:${column + 1}`}`,
    `${margin} |`,
    `${number} | ${shown}`,
    `${margin} | ${' '.repeat(Array.from(before ?? '').length)}^`,
  ].join('\n');
}

/** A tab would put the caret elsewhere on each terminal. */
function plain(text: string): string {
  return printable(text.replaceAll('\t', '  '));
}
