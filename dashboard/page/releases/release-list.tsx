import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { words } from '../words/words.ts';
import { GroupLine, RowLine } from './lines.tsx';
import { lineAt, offsetsOf, windowOf } from './window.ts';
import type { Heights, Line } from './window.ts';

/** The list of Releases: only the lines in sight are drawn, and what one reads stays where it is when others come or go. */
export function ReleaseList({ lines }: { lines: readonly Line[] }) {
  const list = useRef<HTMLDivElement>(null);
  const view = useSignal({ top: 0, height: innerHeight, heights: heightsNow() });
  const offsets = useMemo(() => offsetsOf(lines, view.value.heights), [lines, view.value.heights]);
  const look = (): void => {
    const top = -(list.current?.getBoundingClientRect().top ?? 0);
    view.value = { top, height: innerHeight, heights: sameOr(view.peek().heights, heightsNow()) };
  };
  useEffect(() => {
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    look();
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, []);
  useKeptPlace(lines, offsets, view.value.top);
  const { first, end, above, below } = windowOf(offsets, view.value.top, view.value.height);
  return (
    <div class="list" role="table" aria-label={words.value.releases.title} aria-rowcount={lines.length + 1}>
      <Heads />
      <div ref={list} role="rowgroup" onKeyDown={moveFocus}>
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

/** Scrolls by as much as lines above the first one in sight came or went. */
function useKeptPlace(lines: readonly Line[], offsets: readonly number[], top: number): void {
  const before = useRef({ lines, offsets, top });
  useLayoutEffect(() => {
    const { lines: oldLines, offsets: oldOffsets, top: oldTop } = before.current;
    if (lines !== oldLines && oldTop > 0) {
      const at = lineAt(oldOffsets, oldTop);
      const key = oldLines[at]?.key;
      const now = lines.findIndex((line) => line.key === key);
      if (now >= 0) scrollBy(0, (offsets[now] ?? 0) - (oldOffsets[at] ?? 0));
    }
    before.current = { lines, offsets, top };
  });
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
      </div>
    </div>
  );
}

/** The heights that the style sheet gives, in pixels: they grow with the letters that the reader has chosen. */
function heightsNow(): Heights {
  const style = getComputedStyle(document.documentElement);
  const size = Number.parseFloat(style.fontSize);
  const pixels = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) * size;
  return { group: pixels('--group'), row: pixels('--row') };
}

function sameOr(old: Heights, next: Heights): Heights {
  return old.group === next.group && old.row === next.row ? old : next;
}
