import { APPLIED_ANNOTATION, type Finished } from '../../crds/index.ts';
import {
  endOfWork,
  goesByItself,
  isWork,
  keyOf,
  refOf,
  type Ending,
  type KubeObject,
  type ObjectRef,
} from '../../resources/index.ts';

/** What tells whether work is done. */
export interface WorkSeen {
  live: (ref: ObjectRef) => KubeObject | undefined;
  /** How an object was seen to go. */
  ending: (ref: ObjectRef) => Ending | undefined;
  /** What is known of the present operation, by key. */
  recorded: ReadonlyMap<string, Finished>;
  /** Whether the operation had applied everything: what is not there was there. */
  wasApplied: boolean;
}

/**
 * How the work among `desired` ended that is done for the present operation, by key: it is not to be begun again though its object goes,
 * by itself or by hand. An object that was deleted before its end is not. One that deletes itself and disappeared unobserved counts as
 * done: to repeat it is worse than to leave it.
 */
export function finishedAmong(desired: readonly KubeObject[], seen: WorkSeen): ReadonlyMap<string, Finished> {
  const finished = new Map<string, Finished>();
  for (const object of desired.filter(isWork)) {
    const key = keyOf(refOf(object));
    const end = endFor(object, key, seen);
    if (end !== undefined) finished.set(key, end);
  }
  return finished;
}

function endFor(
  object: KubeObject,
  key: string,
  { live: find, ending, recorded, wasApplied }: WorkSeen,
): Finished | undefined {
  const ref = refOf(object);
  const live = find(ref);
  // Of an earlier state it says nothing of this one.
  if (live !== undefined) return stateOf(live) === stateOf(object) ? endOfWork(live) : undefined;
  const known = recorded.get(key);
  if (known !== undefined) return known;
  const went = ending(ref);
  if (went === undefined) return wasApplied && goesByItself(object) ? 'Unknown' : undefined;
  return went.state === stateOf(object) ? went.end : undefined;
}

function stateOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[APPLIED_ANNOTATION];
}
