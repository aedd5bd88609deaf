import type { Action, PreviewAnswer, ReleaseName } from '../../api/index.ts';
import { apiPath } from '../live/paths.ts';

/** What a preview is asked of: a Release as it is at a generation, and an action. */
export interface Question {
  readonly path: string;
  readonly action: Action;
  /** Tells one question from another. */
  readonly key: string;
}

/** What came of a question. */
export interface PreviewResult {
  readonly question: Pick<Question, 'path' | 'key'>;
  readonly answer?: PreviewAnswer;
  readonly error?: unknown;
}

/** What is shown of what an action would do. */
export interface Preview {
  readonly answer: PreviewAnswer | undefined;
  readonly error: unknown;
  /** While the answer is awaited: what is shown is of the question before. */
  readonly busy: boolean;
}

const NOTHING: Preview = { answer: undefined, error: undefined, busy: false };

/** The question what an action would do with a Release. */
export function questionOf(of: ReleaseName & { readonly generation?: number }, action: Action): Question {
  const path = apiPath(of);
  return { path, action, key: JSON.stringify([path, of.generation, action]) };
}

/** What to show for a question: its answer; else, while it is awaited, the one before, if that is about the same Release. */
export function previewFor(question: Question | null, result: PreviewResult | null): Preview {
  if (question === null) return NOTHING;
  if (result?.question.key === question.key) return { answer: result.answer, error: result.error, busy: false };
  const isSame = result?.question.path === question.path;
  return { ...NOTHING, busy: true, answer: isSame ? result.answer : undefined };
}
