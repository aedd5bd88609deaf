import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { ask } from './ask.ts';

interface State<Answer> {
  readonly path: string | null;
  readonly answer: Answer | undefined;
  readonly error: unknown;
  readonly busy: boolean;
}

/** What was asked for: not answered yet, answered, or failed. What was answered stays while it is asked again. */
export interface Loaded<Answer> extends Omit<State<Answer>, 'path'> {
  readonly again: () => void;
}

/**
 * Asks for what is at a path, again when the path or `at`, which it is the answer for, changes, and no more once the component is gone.
 * Null asks for nothing.
 */
export function useLoaded<Answer>(path: string | null, at?: string | number): Loaded<Answer> {
  const state = useSignal<State<Answer>>({ path: null, answer: undefined, error: undefined, busy: path !== null });
  const round = useSignal(0);
  const wanted = round.value;
  useEffect(() => {
    if (path === null) return undefined;
    const abort = new AbortController();
    const before = state.peek();
    state.value = { path, answer: before.path === path ? before.answer : undefined, error: undefined, busy: true };
    ask<Answer>(path, abort.signal).then(
      (answer) => {
        state.value = { path, answer, error: undefined, busy: false };
      },
      (error: unknown) => {
        if (!abort.signal.aborted) state.value = { path, answer: undefined, error, busy: false };
      },
    );
    return () => abort.abort();
  }, [path, at, wanted]);
  const { answer, error, busy } = state.value;
  const again = (): void => {
    round.value += 1;
  };
  return { answer, error, busy, again };
}
