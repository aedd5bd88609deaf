import { outOfSync } from '../../resources/index.ts';
import { runThrough } from './run-through.ts';

/** The result of `outOfSync`, in one go. */
export function compared(...question: Parameters<typeof outOfSync>): string[] {
  return runThrough(outOfSync(...question));
}
