import { outOfSync, type Compare, type KubeObject } from '../../resources/index.ts';
import { appliedDigestOf } from '../pass/ownership.ts';

/**
 * Compares as `outOfSync` does, and remembers which live objects were in sync. Each state of an object is a value of its own, so that it is
 * not compared again until it changes. comparisons.test.ts checks that the answer is always that of `outOfSync`.
 */
export class Comparisons {
  /** The digest of the state that each live object was found to be in sync with. */
  readonly #inSync = new WeakMap<KubeObject, string>();

  readonly compare: Compare = (...question) => this.#compared(...question);

  *#compared(...[desired, live, ownership, unownable]: Parameters<Compare>): ReturnType<Compare> {
    if (this.isInSync(desired, live)) return [];
    const lost = yield* outOfSync(desired, live, ownership, unownable);
    // What counts as unownable does so only until the next apply shows otherwise.
    if (lost.length === 0 && unownable.length === 0) this.rememberInSync(desired, live);
    return lost;
  }

  /** Whether this state of the live object is known to be in sync with `desired`. */
  isInSync(desired: KubeObject, live: KubeObject): boolean {
    const digest = appliedDigestOf(desired);
    return digest !== undefined && this.#inSync.get(live) === digest;
  }

  /** Records that this state of the live object is in sync with `desired`. */
  rememberInSync(desired: KubeObject, live: KubeObject): void {
    const digest = appliedDigestOf(desired);
    if (digest !== undefined) this.#inSync.set(live, digest);
  }
}
