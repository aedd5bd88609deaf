import { andMore } from '../plain-text.ts';
import { yellow } from '../health/verdict.ts';
import type { Health, ObjectRef } from '../types.ts';

/** A correction that somebody undoes each time. */
export interface Contest {
  ref: ObjectRef;
  /** JSON pointers of the fields; none where the object itself is deleted. */
  paths: string[];
  /** Who owns the first of the fields now; nobody if it was removed. */
  managers: string[];
  /** Whether the desired object names owners of its own: it is deleted where they are gone. */
  isOwned: boolean;
}

/** The health of an object whose corrections somebody else undoes: Yellow, naming the fields and who owns them. */
export function contestedHealth(contest: Contest): Health {
  const { paths, managers, isOwned } = contest;
  const meanwhile = 'corrections are now made less frequently';
  if (paths.length === 0) {
    const cause = isOwned ? ': the garbage collector does that where an owner in metadata.ownerReferences is gone' : '';
    return yellow(`is deleted each time it is created again, so ${meanwhile}${cause}`);
  }
  const fields = `${paths[0] ?? ''}${andMore(paths.length - 1)}`;
  const action = managers.length === 0 ? 'somebody removes' : `${managers.join(' and ')} overwrites`;
  return yellow(`${action} ${fields} each time it is corrected, so ${meanwhile}${remedy(contest)}`);
}

const MAX_PATHS = 10;

/** A rule to be pasted; JSON is YAML too. Fields of ours, such as who applied last, cannot be left to others. */
function remedy({ ref: { group, kind, name }, paths }: Contest): string {
  const named = paths.filter((path) => !path.startsWith('/metadata/managedFields')).slice(0, MAX_PATHS);
  if (named.length === 0) return '';
  const target = { ...(group !== '' && { group }), kind, name };
  return `; to leave it to them, add to spec.ignore: ${JSON.stringify({ target, paths: named })}`;
}
