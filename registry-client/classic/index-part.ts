import { setImmediate as othersHaveRun } from 'node:timers/promises';

/** The part of an index that is about one chart; `absent` where there is none, `unknown` where the index is laid out otherwise. */
export type IndexPart = { kind: 'found'; text: string } | { kind: 'absent' } | { kind: 'unknown' };

interface Line {
  start: number;
  end: number;
  indent: number;
}

const [TAB, NEWLINE, RETURN, SPACE, HASH, DASH] = [0x09, 0x0a, 0x0d, 0x20, 0x23, 0x2d] as const;
/** A key with nothing after it: its value is on the lines below. */
const KEY = /^(?:"([^"\\]*)"|'([^']*)'|([\w.][\w.+/-]*))\s*:\s*(?:#.*)?$/;

/** How many bytes are gone through before others may run: some milliseconds of work. */
const STEP_BYTES = 64 * 1024;
/** A line that is further to the right is as good as one that is so far to the right. */
const MAX_INDENT = 1024;

/**
 * Cuts what is about one chart out of an `index.yaml` as `helm repo index` lays it out: a list below each name below `entries`. Reading
 * an index as a whole takes seconds and some twenty times its size in memory, and tenants choose what is read. Others may run meanwhile.
 */
export async function partOfIndex(bytes: Buffer, name: string): Promise<IndexPart> {
  const steps = partInSteps(bytes, name);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await othersHaveRun();
  }
}

function* partInSteps(bytes: Buffer, name: string): Generator<undefined, IndexPart> {
  const entries = yield* entriesIn(bytes);
  return entries === undefined ? { kind: 'unknown' } : yield* partBelow(bytes, entries, name);
}

function* partBelow(bytes: Buffer, entries: Line, name: string): Generator<undefined, IndexPart> {
  let start: number | undefined;
  let end: number | undefined;
  for (const child of childrenOf(bytes, entries.end + 1)) {
    if (child === undefined) {
      yield;
      continue;
    }
    const isTwice = child.key === name && start !== undefined;
    if (child.key === undefined || isTwice) return { kind: 'unknown' };
    if (start !== undefined) end ??= child.start;
    if (child.key === name) start = child.start;
  }
  if (start === undefined) return { kind: 'absent' };
  return { kind: 'found', text: `entries:\n${bytes.toString('utf8', start, end)}` };
}

function* entriesIn(bytes: Buffer): Generator<undefined, Line | undefined> {
  for (const line of linesIn(bytes, 0)) {
    if (line === undefined) yield;
    else if (line.indent === 0 && /^entries: *$/.test(textOf(bytes, line))) return line;
  }
  return undefined;
}

/**
 * Where each key of the first level of indentation begins, its key undefined for what is not such a key; last, without a name, where they
 * end. Undefined now and then, for others to run.
 */
function* childrenOf(
  bytes: Buffer,
  from: number,
): Generator<{ key: string | undefined; start: number } | undefined, void> {
  let level: number | undefined;
  for (const line of linesIn(bytes, from)) {
    if (line === undefined) {
      yield;
      continue;
    }
    level ??= line.indent;
    if (level === 0 || line.indent < level) return yield { key: '', start: line.start };
    const isKey = line.indent === level && bytes[line.start + level] !== DASH;
    if (isKey) yield { key: keyOf(textOf(bytes, line).trim()), start: line.start };
  }
  yield { key: '', start: bytes.length };
}

/** The lines that are neither empty nor a comment; undefined now and then, for others to run. */
function* linesIn(bytes: Buffer, from: number): Generator<Line | undefined, void> {
  let pauseAt = from + STEP_BYTES;
  for (let start = from; start < bytes.length;) {
    if (start >= pauseAt) {
      yield;
      pauseAt = start + STEP_BYTES;
    }
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    let first = start;
    while (bytes[first] === SPACE && first - start < MAX_INDENT) first++;
    const isEmpty = first >= end || bytes[first] === HASH || bytes[first] === TAB || isReturn(bytes, first, end);
    if (!isEmpty) yield { start, end, indent: first - start };
    start = end + 1;
  }
}

function isReturn(bytes: Buffer, at: number, end: number): boolean {
  return at === end - 1 && bytes[at] === RETURN;
}

/** Keys are short: anything longer is not one. */
function textOf(bytes: Buffer, { start, end }: Line): string {
  return bytes.toString('utf8', start, Math.min(end, start + 1024)).replace(/\r$/, '');
}

function keyOf(text: string): string | undefined {
  const [, double, single, plain] = KEY.exec(text) ?? [];
  return double ?? single ?? plain;
}
