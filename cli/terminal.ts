import { styleText } from 'node:util';

/** How a piece of text is meant; what colours stand for it is the terminal's business. */
export type StyleName = 'good' | 'pending' | 'bad' | 'added' | 'removed' | 'heading' | 'faint';

/** Where a command writes: results to `out`, progress and warnings to `err`. Both take whole lines. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** How many columns `out` has; undefined where it is no terminal. */
  readonly columns: number | undefined;
  /** The text, coloured if `out` shows colours. */
  style(style: StyleName, text: string): string;
}

const FORMATS = {
  good: 'green',
  pending: 'yellow',
  bad: 'red',
  added: 'green',
  removed: 'red',
  heading: 'bold',
  faint: 'dim',
} as const;

/** Of a terminal that does not tell. */
const DEFAULT_COLUMNS = 80;

/** The terminal of this process: no colours where standard output is not a terminal or NO_COLOR is set. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns || DEFAULT_COLUMNS : undefined;
  },
  style: (style, text) => styleText(FORMATS[style], text, { stream: process.stdout }),
};

/**
 * The text on one line and without anything that a terminal acts on: control characters, escape sequences' introducers, marks
 * that turn the direction of writing. Whatever comes from a chart or the cluster passes here before it is printed.
 */
export function printable(text: string): string {
  return text
    .replaceAll(/\s*[\n\r\u2028\u2029]\s*/gu, ' ')
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}

/** As `printable`, with the text's own lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
