/** Which lines are drawn, and how much room the others take above and below. */
export interface Window {
  readonly first: number;
  readonly end: number;
  readonly above: number;
  readonly below: number;
}

/** Where each line begins, and where the last ends. */
export function offsetsOf(heights: readonly number[]): readonly number[] {
  const offsets = [0];
  let at = 0;
  for (const height of heights) offsets.push((at += height));
  return offsets;
}

/** The lines that are seen in `height` pixels from `top` on, and some before and after. */
export function windowOf(offsets: readonly number[], top: number, height: number, spare = 600): Window {
  const count = offsets.length - 1;
  const total = offsets[count] ?? 0;
  const first = Math.max(0, lineAt(offsets, top - spare));
  const end = Math.min(count, lineAt(offsets, top + height + spare) + 1);
  const above = offsets[first] ?? 0;
  return { first, end, above, below: total - (offsets[end] ?? total) };
}

/** The last line that begins at or before a height; -1 where none does. */
export function lineAt(offsets: readonly number[], height: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= height) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
