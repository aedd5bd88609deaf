import { LRUCache } from 'lru-cache';
import { APPLIED_ANNOTATION } from '../../crds/index.ts';
import {
  endOfWork,
  isWork,
  keyOf,
  refOf,
  type Ending,
  type KubeObject,
  type ObjectRef,
} from '../../resources/index.ts';

/** By size, since by number room for all is made at once. */
const UP_TO_A_THOUSAND = { maxSize: 1_000, sizeCalculation: () => 1 };

/**
 * How objects of work ended, by Release, from the last state of each that the watch reported: one that is deleted the moment it ends is
 * never seen otherwise. Kept until the status tells it, or the next operation begins.
 */
export class Endings {
  readonly #byRelease = new Map<string, LRUCache<string, Ending>>();

  /** Notes the last state of an object that was deleted. */
  remember(release: string, object: KubeObject): void {
    if (!isWork(object)) return;
    const endings = this.#byRelease.get(release) ?? new LRUCache(UP_TO_A_THOUSAND);
    this.#byRelease.set(release, endings);
    endings.set(keyOf(refOf(object)), {
      state: object.metadata.annotations?.[APPLIED_ANNOTATION],
      end: endOfWork(object),
    });
  }

  /** How an object of a Release went, if it was seen to. */
  of(release: string, ref: ObjectRef): Ending | undefined {
    return this.#byRelease.get(release)?.get(keyOf(ref));
  }

  /** Forgets what went of a Release. */
  forget(release: string): void {
    this.#byRelease.delete(release);
  }
}
