import { valueAt, type EventText, type KubeObject } from '../../resources/index.ts';

/** What an Event says, and when (milliseconds since the epoch). */
export interface DatedText extends EventText {
  at: number;
}

const MAX_REASON = 128;
const MAX_MESSAGE = 512;

/**
 * The newest Warning and the newest other Event about each of at most `max` objects, cut short. A new object takes the place of the one
 * about which no Event has come for longest: an unwanted one, if there is any.
 */
export class EventTexts {
  readonly #byUid = new Map<string, DatedText[]>();
  readonly #max: number;
  readonly #isWanted: (uid: string) => boolean;

  constructor(max: number, isWanted: (uid: string) => boolean) {
    this.#max = max;
    this.#isWanted = isWanted;
  }

  /** Takes a live Event; returns the uid of the object that it is about where it says something new. */
  take(event: KubeObject): string | undefined {
    const uid = textAt(event, 'involvedObject', 'uid');
    const text = datedTextOf(event);
    const known = this.#byUid.get(uid) ?? [];
    const same = known.find(({ type }) => type === text.type);
    if (uid === '' || (same && same.at > text.at)) return undefined;
    const texts = [...known.filter((each) => each !== same), text].sort((a, b) => a.at - b.at);
    this.#byUid.delete(uid);
    this.#byUid.set(uid, texts);
    if (this.#byUid.size > this.#max) this.#byUid.delete(this.#leastWanted() ?? uid);
    return same?.reason === text.reason && same.message === text.message ? undefined : uid;
  }

  /** What is known about an object, newest last. */
  about(uid: string): readonly DatedText[] {
    return this.#byUid.get(uid) ?? [];
  }

  #leastWanted(): string | undefined {
    const uids = [...this.#byUid.keys()];
    return uids.find((uid) => !this.#isWanted(uid)) ?? uids[0];
  }
}

function datedTextOf(event: KubeObject): DatedText {
  const times = [
    textAt(event, 'lastTimestamp'),
    textAt(event, 'series', 'lastObservedTime'),
    textAt(event, 'eventTime'),
    event.metadata.creationTimestamp ?? '',
  ];
  return {
    type: textAt(event, 'type') === 'Warning' ? 'Warning' : 'Normal',
    reason: textAt(event, 'reason').slice(0, MAX_REASON),
    message: textAt(event, 'message').slice(0, MAX_MESSAGE),
    at: Math.max(0, ...times.map((time) => Date.parse(time) || 0)),
  };
}

function textAt(event: KubeObject, ...path: string[]): string {
  const value = valueAt(event, ...path);
  return typeof value === 'string' ? value : '';
}
