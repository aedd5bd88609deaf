/** A longer line is given in parts. */
const MAX_LINE_LENGTH = 64 * 1024;

/** A line without its end, or a part of one. */
export interface LinePart {
  readonly text: string;
  /** Whether the line begins with it. */
  readonly isFirst: boolean;
  /** Whether the line ends with it. */
  readonly isLast: boolean;
}

/** The lines of a text that comes in pieces, each once it has ended; the last one also if it has not. */
export async function* wholeLines(pieces: AsyncIterable<string>): AsyncGenerator<LinePart, void> {
  let begun = '';
  let isFirst = true;
  for await (const piece of pieces) {
    const lines = (begun + piece).split('\n');
    begun = lines.pop() ?? '';
    for (const text of lines) {
      yield { text, isFirst, isLast: true };
      isFirst = true;
    }
    if (begun.length < MAX_LINE_LENGTH) continue;
    yield { text: begun, isFirst, isLast: false };
    isFirst = false;
    begun = '';
  }
  if (begun !== '') yield { text: begun, isFirst, isLast: false };
}
