import { LRUCache } from 'lru-cache';
import { isAppliedBy, type KubeObject } from '../../resources/index.ts';
import { appliedDigestOf, OWNERSHIP } from '../pass/ownership.ts';

/** Limited by size, because a limit by number would allocate room for all entries at once. */
const UP_TO_20_000 = { maxSize: 20_000, sizeCalculation: () => 1 };

/** What is remembered of the last apply of each object. */
export class LastApplies {
  readonly #paths = new LRUCache<string, readonly string[]>(UP_TO_20_000);
  readonly #times = new LRUCache<string, number>(UP_TO_20_000);
  readonly #timesRead = new WeakMap<KubeObject, number>();

  /** Records the answer to an apply, and the fields that the API server did not let us own: applying the same again would not help. */
  remember(live: KubeObject, unowned: readonly string[]): void {
    const key = keyOfLiveState(live);
    if (unowned.length > 0) this.#paths.set(key, unowned);
    else this.#paths.delete(key);
    this.#rememberTime(live);
  }

  /** The fields of a live object that are not worth another apply. Forgetting them costs one needless apply. */
  unownableIn(live: KubeObject): readonly string[] {
    // Most of the time nothing is remembered.
    return this.#paths.size === 0 ? [] : (this.#paths.get(keyOfLiveState(live)) ?? []);
  }

  /**
   * Whether somebody else has applied the object under our field manager since. The owners of fields, by which drift is found, do not show
   * that. An object seen for the first time, as after a restart, counts as applied by us.
   */
  isAppliedByOthers(live: KubeObject): boolean {
    const time = this.#times.get(uidOf(live));
    if (time !== undefined) return !Object.is(time, this.#timeOf(live));
    this.#rememberTime(live);
    return false;
  }

  /** Each state of an object is a value of its own, so that its managedFields, which may be packed, are read only once. */
  #timeOf(live: KubeObject): number {
    const time = this.#timesRead.get(live) ?? timeOf(live);
    this.#timesRead.set(live, time);
    return time;
  }

  #rememberTime(live: KubeObject): void {
    this.#times.set(uidOf(live), this.#timeOf(live));
  }
}

/** When the object was last applied under our field manager, in milliseconds; NaN if it was not. */
function timeOf({ metadata: { managedFields = [] } }: KubeObject): number {
  return Date.parse(managedFields.find((entry) => isAppliedBy(entry, OWNERSHIP.fieldManager))?.time ?? '');
}

function uidOf({ metadata }: KubeObject): string {
  return metadata.uid ?? '';
}

function keyOfLiveState(live: KubeObject): string {
  return `${live.metadata.uid} ${appliedDigestOf(live)}`;
}
