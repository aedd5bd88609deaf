import type { ChartContent } from './coxswain.ts';
import type { Action } from './measure.ts';

/** What a hook that runs may need: its object is made, how it ended is recorded, and by its policy it is deleted. */
const PER_HOOK = 3;

/** Beside those that make or delete each object: rights, history, record, finalizer, and what the status tells before and after. */
const BESIDE_OBJECTS = { install: 6, upgrade: 6, rollback: 4, uninstall: 3 };

/** The most requests that an action may need where children are ready soon, within the pause between two details of a status. */
export function budgetOf(action: Action, content: ChartContent): number {
  if (action === 'no-op') return 0;
  const objects = action === 'install' || action === 'uninstall' ? content.objects : 0;
  return objects + BESIDE_OBJECTS[action] + PER_HOOK * hookRunsOf(action, content);
}

/** How many hooks an action runs; one that is for before and after runs twice. */
export function hookRunsOf(action: Action, { hooks }: ChartContent): number {
  const helmsWord = action === 'uninstall' ? 'delete' : action;
  const events = [`pre-${helmsWord}`, `post-${helmsWord}`];
  return hooks.flat().filter((event) => events.includes(event)).length;
}
