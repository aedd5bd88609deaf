/** A longer line is given in parts. */
const MAX_LINE_LENGTH = 64 * 1024;

/** The lines of a text that comes in pieces, each once it has ended, without its end; the last one also without. */
export async function* wholeLines(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let begun = '';
  for await (const piece of pieces) {
    const lines = (begun + piece).split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
    if (begun.length < MAX_LINE_LENGTH) continue;
    yield begun;
    begun = '';
  }
  if (begun !== '') yield begun;
}
