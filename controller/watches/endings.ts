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

const MAX_ENDINGS = 1_000;

/**
 * How objects of work went, by Release, from the last that the watch told of each: one that goes the moment it ends is never seen
 * otherwise. Kept until the status tells it, or the next operation begins.
 */
export class Endings {
  readonly #byRelease = new Map<string, Map<string, Ending>>();

  /** Notes the last state of an object that was deleted. */
  note(release: string, object: KubeObject): void {
    if (!isWork(object)) return;
    const endings = this.#byRelease.get(release) ?? new Map<string, Ending>();
    this.#byRelease.set(release, endings);
    endings.set(keyOf(refOf(object)), {
      state: object.metadata.annotations?.[APPLIED_ANNOTATION],
      end: endOfWork(object),
    });
    const [oldest] = endings.keys();
    if (endings.size > MAX_ENDINGS && oldest !== undefined) endings.delete(oldest);
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
