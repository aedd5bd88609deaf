import { pairLines } from './line-diff.ts';

/** Lines that stand together in all renderings, and how many others came before them. */
interface Block {
  readonly lines: readonly string[];
  readonly gap: Gap;
}

interface Gap {
  readonly least: number;
  readonly max: number;
}

/** What several renderings of a file have in common. */
export interface Skeleton {
  readonly blocks: readonly Block[];
  readonly tail: Gap;
  /** How many lines of the first rendering are not in all of them. */
  readonly randomLines: number;
}

/** Where a text does not have what the renderings have in common. */
export interface Misfit {
  /** From 1. */
  readonly line: number;
  readonly wanted: string | undefined;
  readonly found: string | undefined;
}

/** Finds what the renderings of a file have in common. */
export function skeletonOf(first: string, others: readonly string[]): Skeleton {
  const lines = first.split('\n');
  const texts = others.map((text) => text.split('\n'));
  const pairings = texts.map((text) => pairLines(lines, text));
  const blocks: { lines: string[]; gap: Gap }[] = [];
  let ends = [-1, ...texts.map(() => -1)];
  for (const [i, line] of lines.entries()) {
    if (pairings.some((pairs) => pairs[i] === -1)) continue;
    const places = [i, ...pairings.map((pairs) => pairs[i] as number)];
    const gap = gapBetween(ends, places);
    const last = blocks.at(-1);
    if (gap.max === 0 && last !== undefined) last.lines.push(line);
    else blocks.push({ lines: [line], gap });
    ends = places;
  }
  const stable = blocks.reduce((sum, block) => sum + block.lines.length, 0);
  const tail = gapBetween(ends, [lines.length, ...texts.map((text) => text.length)]);
  return { blocks, tail, randomLines: lines.length - stable };
}

function gapBetween(ends: readonly number[], places: readonly number[]): Gap {
  const sizes = places.map((place, k) => place - (ends[k] as number) - 1);
  return { least: Math.min(...sizes), max: Math.max(...sizes) };
}

/**
 * The first place where the text lacks what the renderings have in common, or undefined. Gaps of several
 * lines may be one longer or shorter than any that was seen, as the text of a random key may be.
 */
export function misfitOf(text: string, { blocks, tail }: Skeleton): Misfit | undefined {
  const lines = text.split('\n');
  const hopeless = new Set<string>();
  let worst: Misfit = { line: 1, wanted: blocks[0]?.lines[0], found: lines[0] };

  const fits = (b: number, cursor: number): boolean => {
    const block = blocks[b];
    if (block === undefined) return isWithin(lines.length - cursor, tail) || note(cursor, undefined);
    const key = `${b} ${cursor}`;
    if (hopeless.has(key)) return false;
    for (const at of placesAfter(cursor, block.gap)) {
      const matched = block.lines.findIndex((line, i) => lines[at + i] !== line);
      if (matched === -1 ? fits(b + 1, at + block.lines.length) : note(at + matched, block.lines[matched])) return true;
    }
    hopeless.add(key);
    return false;
  };
  const note = (at: number, wanted: string | undefined): false => {
    if (at + 1 > worst.line) worst = { line: at + 1, wanted, found: lines[at] };
    return false;
  };
  return fits(0, 0) ? undefined : worst;
}

function isWithin(size: number, gap: Gap): boolean {
  return placesAfter(0, gap).includes(size);
}

function placesAfter(cursor: number, { least, max }: Gap): number[] {
  const slack = max > 1 ? 1 : 0;
  const from = Math.max(least - slack, Math.min(least, 1));
  return Array.from({ length: max + slack + 1 - from }, (_unused, i) => cursor + from + i);
}
