import { LRUCache } from 'lru-cache';
import {
  endOfWork,
  isWork,
  keyOf,
  keyOfObject,
  type KubeObject,
  type ObjectRef,
  type WorkOutcome,
} from '../../resources/index.ts';
import { appliedDigestOf } from '../pass/ownership.ts';

/** Limited by size: a limit by number would allocate room for all at once. */
const UP_TO_A_THOUSAND = { maxSize: 1_000, sizeCalculation: () => 1 };

/**
 * How objects of work ended, by Release, from the last state of each that the watch reported: one that is deleted the moment it ends is
 * never seen otherwise. Kept until the status reports it, or the next operation begins.
 */
export class WorkOutcomes {
  readonly #byRelease = new Map<string, LRUCache<string, WorkOutcome>>();

  /** Records the last state of an object that was deleted. */
  remember(release: string, object: KubeObject): void {
    if (!isWork(object)) return;
    const outcomes = this.#byRelease.get(release) ?? new LRUCache(UP_TO_A_THOUSAND);
    this.#byRelease.set(release, outcomes);
    outcomes.set(keyOfObject(object), { state: appliedDigestOf(object), end: endOfWork(object) });
  }

  /** How an object of a Release ended, if that was seen. */
  of(release: string, ref: ObjectRef): WorkOutcome | undefined {
    return this.#byRelease.get(release)?.get(keyOf(ref));
  }

  /** Forgets how the objects of a Release ended. */
  forget(release: string): void {
    this.#byRelease.delete(release);
  }
}
