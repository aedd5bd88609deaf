import { keyOfObject, type KubeObject } from '../../resources/index.ts';
import { appliedDigestOf } from '../pass/ownership.ts';
import { streakAfterRepair, hasSettled, isRepairPaused, type RepairStreak } from './repair-streak.ts';

/** What was sent for one object: the state, and the repairs of each field. The empty path stands for the whole object. */
interface Sent {
  /** Digest of the state that was sent. */
  state: string | undefined;
  fields: Map<string, RepairStreak>;
}

/** An object of which more fields are undone at once is damped as a whole. */
const MAX_FIELDS = 20;
const MAX_OBJECTS = 20_000;
const WHOLE = '';

/**
 * How often each field of each child was corrected lately, so that two writers who disagree do not write for ever. A new desired state
 * starts over. Losing this costs a few more repairs. Bounded for each Release, so that the repairs of one never push out those of another.
 */
export class Repairs {
  readonly #now: () => number;
  readonly #releases = new Map<string, Map<string, Sent>>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Records that `object` was sent to correct these fields; none if it did not exist. */
  remember(release: string, object: KubeObject, fields: readonly string[]): void {
    const objects = this.#releases.get(release) ?? new Map<string, Sent>();
    this.#releases.set(release, objects);
    const key = keyOfObject(object);
    const before = objects.get(key);
    const isSame = before !== undefined && before.state === appliedDigestOf(object);
    const sent: Sent = isSame ? before : { state: appliedDigestOf(object), fields: new Map() };
    const damped = fields.length === 0 || fields.length > MAX_FIELDS ? [WHOLE] : fields;
    for (const field of damped) sent.fields.set(field, streakAfterRepair(sent.fields.get(field), this.#now()));
    // Kept in the order of the last repair.
    objects.delete(key);
    objects.set(key, sent);
    this.#dropSettled(objects);
  }

  /** Whether a field of `object`, or all of it if the path is empty, must not be corrected yet. */
  isPaused(release: string, object: KubeObject, field: string): boolean {
    const sent = this.#releases.get(release)?.get(keyOfObject(object));
    if (sent === undefined || sent.state !== appliedDigestOf(object)) return false;
    const now = this.#now();
    return isRepairPaused(sent.fields.get(WHOLE), now) || isRepairPaused(sent.fields.get(field), now);
  }

  /** Milliseconds until the first paused repair of a Release is due; undefined if none is paused. */
  dueInMs(release: string): number | undefined {
    const now = this.#now();
    let first: number | undefined;
    for (const { fields } of this.#releases.get(release)?.values() ?? []) {
      for (const { dueAt } of fields.values()) if (dueAt > now) first = Math.min(first ?? dueAt, dueAt);
    }
    return first === undefined ? undefined : first - now;
  }

  /** Forgets a Release. */
  forget(release: string): void {
    this.#releases.delete(release);
  }

  #dropSettled(objects: Map<string, Sent>): void {
    const now = this.#now();
    for (const [key, { fields }] of objects) {
      const isOld = [...fields.values()].every((streak) => hasSettled(streak, now));
      if (!isOld && objects.size <= MAX_OBJECTS) return;
      objects.delete(key);
    }
  }
}
