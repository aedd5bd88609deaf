import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { PreviewAnswer } from '../../api/index.ts';
import { send } from '../live/ask.ts';
import { previewFor } from './question.ts';
import type { Preview, Question, PreviewResult } from './question.ts';

/** While one types, nothing is asked. */
const PAUSE_MS = 600;

/** Asks what an action would do, again when the question becomes another one. Null asks for nothing. */
export function usePreview(question: Question | null): Preview {
  const result = useSignal<PreviewResult | null>(null);
  useEffect(() => {
    if (question === null) return undefined;
    const { path, action } = question;
    const abort = new AbortController();
    const ask = (): void => {
      send<PreviewAnswer>(`${path}/preview`, { action }, abort.signal).then(
        (answer) => {
          if (!abort.signal.aborted) result.value = { question, answer };
        },
        (error: unknown) => {
          if (!abort.signal.aborted) result.value = { question, error };
        },
      );
    };
    const timer = setTimeout(ask, action.do === 'edit' || action.do === 'install' ? PAUSE_MS : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [question?.key]);
  return previewFor(question, result.value);
}
