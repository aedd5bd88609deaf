import type { SourcePosition } from '../golang/template/index.ts';

const MAX_CHARS = 120;

/** The line of a template in which a position is, and below it a caret under the place: two lines for a terminal. */
export function frameOf({ line, column, snippet }: SourcePosition): string {
  const at = column === undefined ? 0 : Buffer.from(snippet).subarray(0, column).toString().length;
  const from = Math.max(0, at - MAX_CHARS / 2);
  const number = String(line);
  const shown = `  ${number} | ${snippet.slice(from, from + MAX_CHARS)}`;
  if (column === undefined) return shown;
  // Tabs stay, so that the caret is moved by them as the line is.
  const indent = snippet.slice(from, at).replace(/[^\t]/g, ' ');
  return `${shown}\n  ${' '.repeat(number.length)} | ${indent}^`;
}
