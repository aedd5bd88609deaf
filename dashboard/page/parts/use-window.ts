import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import { useSignal } from '@preact/signals';
import { LineHeights } from './line-heights.ts';
import type { Keyed } from './line-heights.ts';
import { lineAt, offsetsOf, windowOf } from './window.ts';
import type { Window } from './window.ts';

/** The lines to draw within `frame`, after something as high as `above` and before something as high as `below`. */
export interface DrawnLines<Frame extends Element> extends Window {
  readonly frame: RefObject<Frame | null>;
  /** Scrolls as far as is needed to see a line. */
  readonly show: (index: number) => void;
}

/** So many lines are all drawn: they take little time, and the browser finds what is searched in the page. */
const ALL_DRAWN = 200;

/**
 * Of many lines, which to draw: those in sight and some around them; all of them on paper. What one reads stays where it is when others come or go,
 * or turn out to be of another height than was guessed. `guessing` is asked how to guess when the width of the page has changed. `lines` must stay
 * the same array until they change.
 */
export function useWindow<Line extends Keyed, Frame extends Element>(
  lines: readonly Line[],
  guessing: () => (line: Line) => number,
): DrawnLines<Frame> {
  const frame = useRef<Frame>(null);
  const { top, height, width, isPaper } = useSight(frame);
  const heights = useMemo(() => new LineHeights(guessing()), [width]);
  useMemo(() => heights.unsettle(), [lines]);
  const corrections = useSignal(0);
  const offsets = useMemo(() => offsetsOf(lines.map((line) => heights.of(line))), [lines, heights, corrections.value]);
  useKeptPlace(lines, offsets, top);
  const isWhole = isPaper || lines.length <= ALL_DRAWN;
  const drawn = isWhole ? { first: 0, end: lines.length, above: 0, below: 0 } : windowOf(offsets, top, height);
  const element = (index: number): Element | undefined =>
    index < drawn.first || index >= drawn.end ? undefined : frame.current?.children[index - drawn.first + 1];
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (isPaper) return;
    const measure = (index: number) => element(drawn.first + index)?.getBoundingClientRect().height;
    const isOff = heights.correct(lines.slice(drawn.first, drawn.end), measure);
    if (isOff) corrections.value += 1;
    const line = wanted.current === null ? undefined : element(wanted.current);
    line?.scrollIntoView({ block: 'nearest' });
    if (line !== undefined && !isOff) wanted.current = null;
  });
  const show = (index: number): void => {
    const line = element(index);
    line?.scrollIntoView({ block: 'nearest' });
    if (line !== undefined) return;
    // It is shown once it is drawn, which is once one has scrolled to where it is about to be.
    wanted.current = index;
    scrollBy(0, (frame.current?.getBoundingClientRect().top ?? 0) + (offsets[index] ?? 0));
  };
  return { ...drawn, frame, show };
}

/** Which part of a frame is in sight, and whether that is paper. */
function useSight(frame: RefObject<Element | null>) {
  const sight = useSignal({ top: 0, height: innerHeight, width: innerWidth, isPaper: false });
  useEffect(() => {
    const look = ({ type }: { type: string }): void => {
      const top = -(frame.current?.getBoundingClientRect().top ?? 0);
      sight.value = { top, height: innerHeight, width: innerWidth, isPaper: type === 'beforeprint' };
    };
    const types = ['scroll', 'resize', 'beforeprint', 'afterprint'];
    for (const type of types) addEventListener(type, look, { passive: true });
    look({ type: 'scroll' });
    return () => {
      for (const type of types) removeEventListener(type, look);
    };
  }, []);
  return sight.value;
}

/** Scrolls by as much as what is above the first line in sight has grown or shrunk. */
function useKeptPlace(lines: readonly Keyed[], offsets: readonly number[], top: number): void {
  const before = useRef({ lines, offsets, top });
  useLayoutEffect(() => {
    const { lines: oldLines, offsets: oldOffsets, top: oldTop } = before.current;
    if (offsets !== oldOffsets && oldTop > 0) {
      const at = lineAt(oldOffsets, oldTop);
      const key = oldLines[at]?.key;
      const now = lines === oldLines ? at : lines.findIndex((line) => line.key === key);
      const grown = (offsets[now] ?? 0) - (oldOffsets[at] ?? 0);
      if (now >= 0 && grown !== 0) scrollBy(0, grown);
    }
    before.current = { lines, offsets, top };
  });
}
