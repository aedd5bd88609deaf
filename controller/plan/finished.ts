import type { Finished } from '../../crds/index.ts';
import {
  endOfWork,
  hasTimeToLive,
  isWork,
  keyOfObject,
  refOf,
  type WorkOutcome,
  type KubeObject,
  type ObjectRef,
} from '../../resources/index.ts';
import { appliedDigestOf } from '../pass/ownership.ts';

/** What shows whether work is done: objects, such as Jobs, that do something once. */
export interface FinishedWorkInput {
  live: (ref: ObjectRef) => KubeObject | undefined;
  /** How an object had ended when it was seen to disappear. */
  outcomeOf: (ref: ObjectRef) => WorkOutcome | undefined;
  /** The work recorded as done in the present operation, by key. */
  recorded: ReadonlyMap<string, Finished>;
  /** Whether the operation had applied everything: an object that does not exist now existed before. */
  wasApplied: boolean;
}

/**
 * The work among `desired` that is done for the present operation, by key, and how it ended. It is not begun again even if its object goes,
 * by itself or by hand. Work whose object was deleted before it ended is not done. An object that deletes itself and disappeared unobserved
 * counts as done: repeating work is worse than leaving it out.
 */
export function finishedAmong(desired: readonly KubeObject[], input: FinishedWorkInput): ReadonlyMap<string, Finished> {
  const finished = new Map<string, Finished>();
  for (const object of desired.filter(isWork)) {
    const key = keyOfObject(object);
    const end = endFor(object, key, input);
    if (end !== undefined) finished.set(key, end);
  }
  return finished;
}

function endFor(
  object: KubeObject,
  key: string,
  { live: find, outcomeOf, recorded, wasApplied }: FinishedWorkInput,
): Finished | undefined {
  const ref = refOf(object);
  const live = find(ref);
  // The end of work in an earlier state says nothing about this one.
  if (live !== undefined) return appliedDigestOf(live) === appliedDigestOf(object) ? endOfWork(live) : undefined;
  const known = recorded.get(key);
  if (known !== undefined) return known;
  const outcome = outcomeOf(ref);
  if (outcome === undefined) return wasApplied && hasTimeToLive(object) ? 'Unknown' : undefined;
  return outcome.state === appliedDigestOf(object) ? outcome.end : undefined;
}
