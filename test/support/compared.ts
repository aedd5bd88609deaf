import { outOfSync } from '../../resources/index.ts';
import { runThrough } from './run-through.ts';

/** What `outOfSync` comes to. */
export function compared(...question: Parameters<typeof outOfSync>): string[] {
  return runThrough(outOfSync(...question));
}
