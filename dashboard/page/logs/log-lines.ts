/** A line of a log; numbers go on, so that lines keep theirs when older ones are forgotten. */
export interface LogLine {
  readonly number: number;
  readonly text: string;
}

/** The last lines of a log, and the beginning of one that has not ended. */
export interface Log {
  readonly lines: readonly LogLine[];
  readonly rest: string;
  /** How many lines came in all. */
  readonly count: number;
}

/** How many lines are kept. */
export const KEPT_LINES = 4_000;

const LONGEST = 8_192;

/** A log of which nothing has come. */
export const NO_LOG: Log = { lines: [], rest: '', count: 0 };

/** The log after more of it has come; a line that never ends is cut. */
export function withText(log: Log, text: string): Log {
  const texts = (log.rest + text).split('\n');
  const rest = texts.pop() ?? '';
  const ended = rest.length > LONGEST ? [...texts, rest] : texts;
  const added = ended.map((line, index) => ({ number: log.count + index, text: cut(line) }));
  return {
    lines: [...log.lines, ...added].slice(-KEPT_LINES),
    rest: rest.length > LONGEST ? '' : rest,
    count: log.count + added.length,
  };
}

/** The log at its end: what has begun is a line. */
export function ended(log: Log): Log {
  return log.rest === '' ? log : withText(log, '\n');
}

/** The lines in which a text occurs. */
export function linesWith(lines: readonly LogLine[], text: string): readonly LogLine[] {
  const searched = text.toLowerCase();
  return searched === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(searched));
}

function cut(line: string): string {
  const text = line.replace(/\r$/, '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
