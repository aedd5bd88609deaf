import type { ComponentChildren } from 'preact';
import type { Keyed } from './line-heights.ts';
import { useWindow } from './use-window.ts';

interface Props<Line> {
  /** The same array until they change. */
  readonly lines: readonly Line[];
  /** Draws a line, with its number in the table, where the heads are the first. */
  readonly draw: (line: Line, rowIndex: number) => ComponentChildren;
}

/** What most lines take, in pixels; it is corrected once a line is drawn. */
const USUAL_HEIGHT = 35;

/** The body of a table, of whose lines those in sight are drawn. */
export function TableBody<Line extends Keyed>({ lines, draw }: Props<Line>) {
  const window = useWindow<Line, HTMLTableSectionElement>(lines, () => () => USUAL_HEIGHT);
  const { frame, first, end, above, below } = window;
  return (
    <tbody ref={frame} class="kept-place">
      <tr role="none" style={{ height: `${above}px` }} />
      {lines.slice(first, end).map((line, index) => draw(line, first + index + 2))}
      <tr role="none" style={{ height: `${below}px` }} />
    </tbody>
  );
}
