import { useWindow } from '../parts/use-window.ts';
import { words } from '../words/words.ts';
import { GroupLine, RowLine } from './lines.tsx';
import type { Line } from './list-lines.ts';

/** The list of Releases. */
export function ReleaseList({ lines }: { lines: readonly Line[] }) {
  const { frame, first, end, above, below } = useWindow<Line, HTMLDivElement>(lines, () => {
    const heights = heightsNow();
    return ({ kind }) => heights[kind];
  });
  return (
    <div class="list" role="table" aria-label={words.value.releases.title} aria-rowcount={lines.length + 1}>
      <Heads />
      <div ref={frame} role="rowgroup" class="kept-place" onKeyDown={moveFocus}>
        <div style={{ height: `${above}px` }} role="none" />
        {lines
          .slice(first, end)
          .map((line, index) =>
            line.kind === 'group' ? (
              <GroupLine key={line.key} group={line.group} index={first + index + 2} />
            ) : (
              <RowLine key={line.key} row={line.row} index={first + index + 2} />
            ),
          )}
        <div style={{ height: `${below}px` }} role="none" />
      </div>
    </div>
  );
}

/** Arrows, or j and k, go from one Release to the next. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const { currentTarget, target } = event;
  if (!(currentTarget instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  const stops = [...currentTarget.querySelectorAll<HTMLElement>('[data-stop]')];
  const next = stops[stops.indexOf(target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.closest('[role=row]')?.scrollIntoView({ block: 'nearest' });
}

function Heads() {
  const { columns } = words.value.releases;
  return (
    <div role="rowgroup" class="heads">
      <div role="row" aria-rowindex={1} class="line line-heads">
        <span role="columnheader">{columns.health}</span>
        <span role="columnheader">{columns.name}</span>
        <span role="columnheader">{columns.why}</span>
        <span role="columnheader">{columns.chart}</span>
        <span role="columnheader">{columns.version}</span>
        <span role="columnheader">{columns.changed}</span>
        <span role="columnheader">{columns.age}</span>
      </div>
    </div>
  );
}

/** The heights that the style sheet gives, in pixels: they grow with the letters that the reader has chosen. */
function heightsNow(): Record<Line['kind'], number> {
  const style = getComputedStyle(document.documentElement);
  const size = Number.parseFloat(style.fontSize);
  const pixels = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) * size;
  return { group: pixels('--group'), row: pixels('--row') };
}
