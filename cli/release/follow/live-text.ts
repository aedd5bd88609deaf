import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../../terminal.ts';

/** A text that is shown again whenever it changes. */
export interface LiveText {
  show(text: string): void;
}

/** On a terminal the text takes the place of the one before; elsewhere it is written after it. The same text is not written twice. */
export function liveText(terminal: Terminal): LiveText {
  let before: string | undefined;
  return {
    show: (text) => {
      if (text === before) return;
      const erased = before === undefined || terminal.columns === undefined ? '' : erasing(before, terminal.columns);
      before = text;
      if (text !== '') terminal.out(erased + text);
    },
  };
}

/** What takes the cursor back to where a text began, and clears what is below. */
function erasing(text: string, columns: number): string {
  const rows = text.split('\n').reduce((sum, line) => sum + rowsOf(line, columns), 0);
  return `\u001b[${rows}A\u001b[J`;
}

function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(Array.from(stripVTControlCharacters(line)).length / columns));
}
