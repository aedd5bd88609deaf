import type { ChartContent } from './coxswain.ts';
import type { Action } from './measure.ts';

/** The requests that a hook may need: its object is created, its end is recorded, and the object is deleted by its policy. */
const PER_HOOK = 3;

/** The requests besides those that create or delete each object: rights, history, record, finalizer, and the status before and after. */
const BESIDE_OBJECTS = { install: 6, upgrade: 6, rollback: 4, uninstall: 3 };

/** The most requests that an action may need where children are ready before the status may change in detail again. */
export function budgetOf(action: Action, content: ChartContent): number {
  if (action === 'no-op') return 0;
  const objects = action === 'install' || action === 'uninstall' ? content.objects : 0;
  return objects + BESIDE_OBJECTS[action] + PER_HOOK * hookRunsOf(action, content);
}

/** How many hooks an action runs; one for both before and after runs twice. */
export function hookRunsOf(action: Action, { hooks }: ChartContent): number {
  const helmsWord = action === 'uninstall' ? 'delete' : action;
  const events = [`pre-${helmsWord}`, `post-${helmsWord}`];
  return hooks.flat().filter((event) => events.includes(event)).length;
}
