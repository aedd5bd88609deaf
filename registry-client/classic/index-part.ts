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

/**
 * Cuts what is about one chart out of an `index.yaml` as `helm repo index` lays it out: a list below each name below `entries`. Reading
 * an index as a whole takes seconds and some twenty times its size in memory, and tenants choose what is read.
 */
export function partOfIndex(bytes: Buffer, name: string): IndexPart {
  const entries = entriesIn(bytes);
  if (entries === undefined) return { kind: 'unknown' };
  let start: number | undefined;
  let end: number | undefined;
  for (const child of childrenOf(bytes, entries.end + 1)) {
    const isTwice = child.key === name && start !== undefined;
    if (child.key === undefined || isTwice) return { kind: 'unknown' };
    if (start !== undefined) end ??= child.start;
    if (child.key === name) start = child.start;
  }
  if (start === undefined) return { kind: 'absent' };
  return { kind: 'found', text: `entries:\n${bytes.toString('utf8', start, end)}` };
}

function entriesIn(bytes: Buffer): Line | undefined {
  for (let line = lineAt(bytes, 0); line; line = lineAt(bytes, line.end + 1)) {
    if (line.indent === 0 && /^entries: *$/.test(textOf(bytes, line))) return line;
  }
  return undefined;
}

/** Where each key of the first level of indentation begins, undefined for what is not such a key; last, without a name, where they end. */
function* childrenOf(bytes: Buffer, from: number): Generator<{ key: string | undefined; start: number }> {
  let line = lineAt(bytes, from);
  const level = line?.indent ?? 0;
  for (; line && line.indent >= level && level > 0; line = lineAt(bytes, line.end + 1)) {
    const isKey = line.indent === level && bytes[line.start + level] !== DASH;
    if (isKey) yield { key: keyOf(textOf(bytes, line).trim()), start: line.start };
  }
  yield { key: '', start: line?.start ?? bytes.length };
}

/** The next line that is neither empty nor a comment. */
function lineAt(bytes: Buffer, from: number): Line | undefined {
  for (let start = from; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    let first = start;
    while (bytes[first] === SPACE) first++;
    const isEmpty = first >= end || bytes[first] === HASH || bytes[first] === TAB || isReturn(bytes, first, end);
    if (!isEmpty) return { start, end, indent: first - start };
    start = end + 1;
  }
  return undefined;
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
