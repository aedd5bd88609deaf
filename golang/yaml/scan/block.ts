import { isBlank, isBreak, isBreakOrEnd, SPACE, TAB } from './characters.ts';
import type { Cursor } from './cursor.ts';

/** Passes the literal (`|`) or folded (`>`) scalar that begins here and returns what it says. */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const isFolded = cursor.char === '>';
  cursor.at++;
  const { chomping, increment } = passHeader(cursor);
  const min = Math.max(parentIndent, 0);
  const first = passBreaks(cursor, increment === 0 ? undefined : min + increment);
  const indent = increment === 0 ? Math.max(first.widest, parentIndent + 1, 1) : min + increment;
  const lines = new Lines(isFolded);
  let breaks = first.breaks;
  while (cursor.column === indent && !cursor.isAtEnd()) {
    lines.add(passLine(cursor), breaks);
    if (!cursor.isAtEnd()) lines.lastBreak = cursor.passBreak();
    breaks = passBreaks(cursor, indent).breaks;
  }
  if (chomping === '-') return lines.text;
  return lines.text + lines.lastBreak + (chomping === '+' ? breaks : '');
}

interface Header {
  readonly chomping: string;
  /** The indentation relative to the block around it; 0 where the first line tells it. */
  readonly increment: number;
}

const HEADER = /(?:([+-])([0-9]?)|([0-9])([+-]?))?/y;

function passHeader(cursor: Cursor): Header {
  HEADER.lastIndex = cursor.at;
  const [whole = '', before = '', after = '', digit = after, behind = before] = HEADER.exec(cursor.text) ?? [];
  if (digit === '0') cursor.fail('found an indentation indicator equal to 0');
  cursor.at += whole.length;
  cursor.passBlanks();
  cursor.passComment();
  if (!isBreakOrEnd(cursor.code())) cursor.fail('did not find expected comment or line break');
  if (!cursor.isAtEnd()) cursor.passBreak();
  return { chomping: behind, increment: Number(digit) };
}

/** The text of the lines so far; `lastBreak` ends the last of them. */
class Lines {
  text = '';
  lastBreak = '';
  readonly #isFolded: boolean;
  #afterBlank = false;

  constructor(isFolded: boolean) {
    this.#isFolded = isFolded;
  }

  /** Adds a line, with the breaks of empty lines before it. */
  add(line: string, breaks: string): void {
    const blank = isBlank(line.charCodeAt(0));
    const folds = this.#isFolded && !this.#afterBlank && !blank && this.lastBreak === '\n';
    const joint = !folds ? this.lastBreak : breaks === '' ? ' ' : '';
    this.text += joint + breaks + line;
    this.lastBreak = '';
    this.#afterBlank = blank;
  }
}

function passLine(cursor: Cursor): string {
  const start = cursor.at;
  while (!isBreakOrEnd(cursor.code())) cursor.at++;
  return cursor.text.slice(start, cursor.at);
}

interface EmptyLines {
  readonly breaks: string;
  /** The widest indentation among them and of the line after them. */
  readonly widest: number;
}

/** Passes empty lines and the indentation after them, as far as it counts; all of it where no `indent` is known yet. */
function passBreaks(cursor: Cursor, indent = Infinity): EmptyLines {
  let breaks = '';
  let widest = 0;
  for (;;) {
    while (cursor.column < indent && cursor.code() === SPACE) cursor.at++;
    widest = Math.max(widest, cursor.column);
    if (cursor.column < indent && cursor.code() === TAB) {
      cursor.fail('found a tab character where an indentation space is expected');
    }
    if (!isBreak(cursor.code())) return { breaks, widest };
    breaks += cursor.passBreak();
  }
}
