/** A line of a text that is compared with another. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Lines that are shown, or so many equal ones that are not. */
export type DiffPart = { readonly lines: readonly DiffLine[] } | { readonly skipped: number };

/** More pairs of lines than this are not compared one by one: then all between the equal beginnings and ends differs. */
const MAX_PAIRS = 4_000_000;
const CONTEXT = 3;

/** The lines of two texts, those that are in both said once. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const left = linesIn(before);
  const right = linesIn(after);
  const start = equalRun(left, right);
  const end = equalRun(left.slice(start).toReversed(), right.slice(start).toReversed());
  const same = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind: 'same', text }));
  const middle = compared(left.slice(start, left.length - end), right.slice(start, right.length - end));
  return [...same(left.slice(0, start)), ...middle, ...same(left.slice(left.length - end))];
}

/** What differs with some equal lines around it, and how many others are between. */
export function partsOf(lines: readonly DiffLine[]): readonly DiffPart[] {
  const near = nearChanges(lines);
  const parts: DiffPart[] = [];
  let from = 0;
  for (let at = 1; at <= lines.length; at += 1) {
    if (at < lines.length && near[at] === near[from]) continue;
    parts.push(near[from] === true ? { lines: lines.slice(from, at) } : { skipped: at - from });
    from = at;
  }
  return lines.length === 0 ? [] : parts;
}

function nearChanges(lines: readonly DiffLine[]): readonly boolean[] {
  const near = Array.from(lines, () => false);
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    const last = Math.min(lines.length - 1, index + CONTEXT);
    for (let at = Math.max(0, index - CONTEXT); at <= last; at += 1) near[at] = true;
  }
  return near;
}

function linesIn(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function equalRun(left: readonly string[], right: readonly string[]): number {
  const end = Math.min(left.length, right.length);
  let at = 0;
  while (at < end && left[at] === right[at]) at += 1;
  return at;
}

/** By the longest common subsequence. */
function compared(left: readonly string[], right: readonly string[]): DiffLine[] {
  const removed = left.map((text): DiffLine => ({ kind: 'removed', text }));
  const added = right.map((text): DiffLine => ({ kind: 'added', text }));
  if (left.length * right.length > MAX_PAIRS) return [...removed, ...added];
  const common = commonLengths(left, right);
  const width = right.length + 1;
  const lengthAt = (row: number, column: number): number => common[row * width + column] ?? 0;
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      lines.push({ kind: 'same', text: left[row] ?? '' });
      row += 1;
      column += 1;
    } else if (lengthAt(row + 1, column) >= lengthAt(row, column + 1)) lines.push(...removed.slice(row, (row += 1)));
    else lines.push(...added.slice(column, (column += 1)));
  }
  return [...lines, ...removed.slice(row), ...added.slice(column)];
}

/** For each pair of positions, how many lines of the rests are common. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint16Array {
  const width = right.length + 1;
  const common = new Uint16Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row -= 1)
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const at = row * width + column;
      const skipping = Math.max(common[at + width] ?? 0, common[at + 1] ?? 0);
      common[at] = left[row] === right[column] ? (common[at + width + 1] ?? 0) + 1 : skipping;
    }
  return common;
}
