import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Deed, PreviewAnswer, ReleaseName } from '../../api/index.ts';
import { send } from '../live/ask.ts';
import { apiPath } from '../live/paths.ts';

/** What a deed would do, as far as it has been answered. */
export interface Preview {
  readonly answer: PreviewAnswer | undefined;
  readonly error: unknown;
  readonly busy: boolean;
}

/** While one types, nothing is asked. */
const PAUSE_MS = 600;

const NONE: Preview = { answer: undefined, error: undefined, busy: false };

/** Asks what a deed would do, again when it becomes another one; what was answered before stays meanwhile. Null asks for nothing. */
export function usePreview(of: ReleaseName, deed: Deed | null): Preview {
  const state = useSignal<Preview>(NONE);
  const asked = deed === null ? '' : JSON.stringify(deed);
  useEffect(() => {
    if (deed === null) {
      state.value = NONE;
      return undefined;
    }
    const abort = new AbortController();
    state.value = { ...state.peek(), busy: true };
    const ask = (): void => {
      send<PreviewAnswer>(`${apiPath(of)}/preview`, { deed }, abort.signal).then(
        (answer) => {
          state.value = { answer, error: undefined, busy: false };
        },
        (error: unknown) => {
          if (!abort.signal.aborted) state.value = { answer: undefined, error, busy: false };
        },
      );
    };
    const timer = setTimeout(ask, deed.do === 'edit' || deed.do === 'install' ? PAUSE_MS : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  return state.value;
}
