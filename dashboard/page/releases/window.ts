import type { ReleaseRow } from '../../api/index.ts';
import type { Group } from './order.ts';

/** A line of the list: the head of a tenant, or a Release. */
export type Line =
  | { readonly kind: 'group'; readonly key: string; readonly group: Group }
  | { readonly kind: 'row'; readonly key: string; readonly row: ReleaseRow };

/** Heights in pixels. */
export interface Heights {
  readonly group: number;
  readonly row: number;
}

/** Which lines are drawn, and how much room the others take above and below. */
export interface Window {
  readonly first: number;
  readonly end: number;
  readonly above: number;
  readonly below: number;
}

/** The groups one below the other; those that are closed without their Releases. */
export function linesOf(groups: readonly Group[], closed: ReadonlySet<string>): readonly Line[] {
  return groups.flatMap((group): Line[] => {
    const head: Line = { kind: 'group', key: `tenant ${group.tenant}`, group };
    if (closed.has(group.tenant)) return [head];
    return [head, ...group.rows.map((row): Line => ({ kind: 'row', key: `${row.namespace}/${row.name}`, row }))];
  });
}

/** Where each line begins, and where the last ends. */
export function offsetsOf(lines: readonly Line[], heights: Heights): readonly number[] {
  const offsets = [0];
  let at = 0;
  for (const { kind } of lines) offsets.push((at += heights[kind]));
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
