import { useSignal } from '@preact/signals';
import { moveBy } from './shown-lines.ts';
import type { TreeLine } from './shown-lines.ts';

/** The line that keys act on. */
export interface CurrentLine {
  readonly at: number;
  readonly press: (event: KeyboardEvent) => void;
  readonly choose: (line: TreeLine) => void;
}

/** Which line is the current one: keys and clicks choose it, and open and close it. */
export function useCurrentLine(
  lines: readonly TreeLine[],
  {
    show,
    toggle,
    follow,
  }: Readonly<Record<'show' | 'follow', (index: number) => void>> & { toggle: (id: string) => void },
): CurrentLine {
  const current = useSignal<string | undefined>(undefined);
  const at = Math.max(
    0,
    lines.findIndex(({ key }) => key === current.value),
  );
  const choose = ({ key, isOpen }: TreeLine): void => {
    current.value = key;
    if (isOpen !== undefined) toggle(key);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveBy(event.key, lines, at);
    if (move === undefined) return;
    event.preventDefault();
    const line = lines[typeof move === 'number' ? move : at];
    if (line === undefined) return;
    if (move === 'toggle') choose(line);
    else if (move === 'follow') follow(at);
    else {
      current.value = line.key;
      show(move);
    }
  };
  return { at, press, choose };
}
