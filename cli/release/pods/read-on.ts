import { wholeLines } from './whole-lines.ts';

/** How far a log has been read: up to the last of this many lines with this time. */
export interface Position {
  readonly time: string;
  readonly lines: number;
}

/** A line of a log, and the position after it; only with the last part of a very long line there is one. */
export interface ReadLine {
  readonly text: string;
  readonly position: Position | undefined;
}

const TIMED = /^(\d{4}-\d\d-\d\dT[\d:]+(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (.*)$/s;

/**
 * The lines of a log that comes in pieces, with a time before each line, as the API server sends it with `timestamps`; without those that
 * were read before, where it begins again at the second of the last of them.
 */
export async function* linesAfter(
  pieces: AsyncIterable<string>,
  before: Position | undefined,
): AsyncGenerator<ReadLine, void> {
  let last: Position = { time: '', lines: 0 };
  let isShown = true;
  for await (const { text: line, isFirst, isLast } of wholeLines(pieces)) {
    const { time, text } = timedLine(line, isFirst);
    if (time !== undefined) {
      last = { time, lines: time === last.time ? last.lines + 1 : 1 };
      isShown = before === undefined || isAfter(last, before);
    }
    if (isShown) yield { text, position: isLast && last.lines > 0 ? last : undefined };
  }
}

/** A line and its time. In the middle of a line, what looks like a time is what a container has written. */
function timedLine(line: string, isFirst: boolean): { time: string | undefined; text: string } {
  const [, time, text = line] = isFirst ? (TIMED.exec(line) ?? []) : [];
  return { time, text };
}

/** The second from which a log has to be read again. */
export function secondOf({ time }: Position): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function isAfter(one: Position, other: Position): boolean {
  const order = compareTimes(one.time, other.time);
  return order === 0 ? one.lines > other.lines : order > 0;
}

/** By nanoseconds, which Date does not have; kubelets leave out zeros at the end. */
function compareTimes(one: string, other: string): number {
  const seconds = Date.parse(secondOf({ time: one, lines: 0 })) - Date.parse(secondOf({ time: other, lines: 0 }));
  return seconds === 0 ? fractionOf(one) - fractionOf(other) : seconds;
}

function fractionOf(time: string): number {
  return Number(`0${/\.\d+/.exec(time)?.[0] ?? ''}`);
}
