import { diffOfChanges } from '../../api/index.ts';
import type { DiffView, ReleaseView } from '../../api/index.ts';

type Plan = NonNullable<ReleaseView['plan']>;

/** The changes of a plan that waits, by object. */
export function diffOfPlan({ changes = [], changesTotal, warnings = [], refusals = [] }: Plan): DiffView {
  const notes = [...refusals.map(({ object, message }) => `${object}: ${message}`), ...warnings];
  return { ...diffOfChanges(changes, changesTotal), notes };
}
