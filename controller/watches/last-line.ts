import { cut } from '../../resources/index.ts';

const MAX_CHARS = 160;
const MAX_LINES = 10;
/** Sequences by which programs colour their output, and whatever else is invisible. */
const COLOURS = /\p{Cc}\[[0-9;:?]*[ -/]*[@-~]/gu;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]+/gu;
/** What follows the line that says something: the places of a stack. */
const PLACE = /^(\s|at |\.\.\. \d+ more)/;

/** The last line of a log that is not the place of a stack, or else the last one, without colours and control characters; cut. */
export function lastLineOf(log: string): string {
  const lines = log.split('\n').filter((line) => visible(line) !== '');
  const line = visible(lines.findLast((each) => !PLACE.test(each)) ?? lines.at(-1) ?? '');
  return cut(line, MAX_CHARS);
}

/** The last lines of a log that say something, without colours and control characters; each of them cut. */
export function lastLinesOf(log: string): string[] {
  return log
    .split('\n')
    .map(visible)
    .filter((line) => line !== '')
    .slice(-MAX_LINES)
    .map((line) => cut(line, MAX_CHARS));
}

function visible(line: string): string {
  return line.replace(COLOURS, '').replace(UNSEEN, ' ').trim();
}
