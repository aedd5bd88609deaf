import { styleText } from 'node:util';

export { printable, printableLines } from '../client/messages/index.ts';

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

/** For a terminal that does not say. */
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
