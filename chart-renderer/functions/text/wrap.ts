import { piecesByBytes } from '../../../golang/strings/index.ts';
import { define } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';
import { checkTextSize } from '../limits.ts';

/** Whether words longer than a line are cut. */
type LongWords = 'keep' | 'cut';

/** The lines of at most that many bytes into which goutils wraps a text: broken at spaces, which go. */
function linesOf(text: string, limit: number, longWords: LongWords): string[] {
  const lines: string[] = [];
  let offset = 0;
  while (text.length - offset > limit) {
    if (text[offset] === ' ') {
      offset++;
      continue;
    }
    const end = lineEnd(text, offset, limit, longWords);
    if (end < 0) break;
    lines.push(text.slice(offset, end));
    offset = text[end] === ' ' ? end + 1 : end;
  }
  return [...lines, text.slice(offset)];
}

/** Where the line that begins at an offset ends; -1 where it is the last. */
function lineEnd(text: string, offset: number, limit: number, longWords: LongWords): number {
  const space = text.lastIndexOf(' ', offset + limit);
  if (space >= offset) return space;
  return longWords === 'cut' ? offset + limit : text.indexOf(' ', offset + limit);
}

function wrapped(width: number, lineBreak: string, longWords: LongWords, text: string): string {
  const limit = Math.max(width, 1);
  checkTextSize(text.length * (1 + lineBreak.length / limit));
  return piecesByBytes(text, (bytes) => linesOf(bytes, limit, longWords)).join(lineBreak);
}

/** Sprig's functions that break text into lines. */
export const wrapFunctions: FunctionEntries = [
  ['wrap', define(['int', 'string'], (width, text) => wrapped(width, '\n', 'keep', text))],
  [
    'wrapWith',
    define(['int', 'string', 'string'], (width, separator, text) => wrapped(width, separator || '\n', 'cut', text)),
  ],
];
