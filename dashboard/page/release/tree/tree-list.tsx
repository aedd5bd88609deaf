import { useMemo } from 'preact/hooks';
import type { ReleaseName, TreeNode } from '../../../api/index.ts';
import { useWindow } from '../../parts/use-window.ts';
import { linesOf } from './shown-lines.ts';
import type { TreeLine } from './shown-lines.ts';
import { Line, idOf } from './tree-line.tsx';
import type { TreeState } from './tree-state.ts';
import { useCurrentLine } from './use-current-line.ts';

interface Props {
  readonly root: TreeNode;
  readonly state: TreeState;
  readonly toggle: (id: string) => void;
  readonly owner: ReleaseName;
}

/** What most lines take, in pixels; it is corrected once a line is drawn. */
const USUAL_HEIGHT = 30;

/**
 * The lines of the tree. It has the focus as a whole, and says which line is the current one (`aria-activedescendant`), so that the focus does not
 * get lost when that line is scrolled away and no longer drawn.
 */
export function TreeList({ root, state, toggle, owner }: Props) {
  const lines = useMemo(() => linesOf(root, state), [root, state]);
  const { frame, show, first, end, above, below } = useWindow<TreeLine, HTMLDivElement>(
    lines,
    () => () => USUAL_HEIGHT,
  );
  const follow = (index: number): void => document.getElementById(idOf(index))?.querySelector('a')?.click();
  const { at, press, choose } = useCurrentLine(lines, { show, toggle, follow });
  const isDrawn = first <= at && at < end;
  return (
    <div
      ref={frame}
      class="tree kept-place"
      role="tree"
      aria-labelledby="objects"
      tabIndex={0}
      aria-activedescendant={isDrawn ? idOf(at) : undefined}
      onKeyDown={press}
    >
      <div style={{ height: `${above}px` }} role="none" />
      {lines.slice(first, end).map((line, index) => (
        <Line
          key={line.key}
          line={line}
          id={idOf(first + index)}
          isCurrent={first + index === at}
          choose={choose}
          owner={owner}
        />
      ))}
      <div style={{ height: `${below}px` }} role="none" />
    </div>
  );
}
