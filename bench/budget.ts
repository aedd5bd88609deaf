import type { ChartContent } from './coxswain.ts';
import type { Action } from './measure.ts';

/** What a hook that runs may need: its object is made, how it ended is recorded, and by its policy it is deleted. */
const PER_HOOK = 3;

/** The most requests that an action may need; undefined where none is set. */
export function budgetOf(action: Action, content: ChartContent): number | undefined {
  switch (action) {
    case 'install':
      return content.objects + 8 + PER_HOOK * hookRunsOf(action, content);
    case 'upgrade':
    case 'rollback':
      return 8 + PER_HOOK * hookRunsOf(action, content);
    case 'no-op':
      return 0;
    case 'uninstall':
      return undefined;
  }
}

/** How many hooks an action runs; one that is for before and after runs twice. */
export function hookRunsOf(action: Action, { hooks }: ChartContent): number {
  const helmsWord = action === 'uninstall' ? 'delete' : action;
  const events = [`pre-${helmsWord}`, `post-${helmsWord}`];
  return hooks.flat().filter((event) => events.includes(event)).length;
}
