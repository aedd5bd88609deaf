import { LRUCache } from 'lru-cache';

/** The identity of an object. */
interface Identity {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string | undefined;
    uid?: string | undefined;
    resourceVersion?: string | undefined;
  };
}

/** Something to report about an object; it appears in `kubectl describe` and `kubectl events`. */
export interface ObjectEvent<Reason extends string = string> {
  object: Identity;
  type: 'Normal' | 'Warning';
  /** One CamelCase word that machines may match. */
  reason: Reason;
  message: string;
}

/** Repeats of one event, which the API server keeps as one object with a count. */
export interface EventSeries {
  event: ObjectEvent;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
  /** The Event object that stands for the series, once it was created. */
  name?: string;
}

/** As client-go's defaults: a repeat after this begins a new series. */
const SERIES_LIFETIME_MS = 600_000;
const SIMILAR_BEFORE_COMBINING = 10;
const BURST_PER_OBJECT = 25;
const REFILL_MS = 300_000;
const MAX_TRACKED = 4_096;
const MAX_MESSAGE_BYTES = 1_024;

interface ObjectBudget {
  tokens: number;
  refilledAtMs: number;
}

/**
 * Sorts events into series: repeats within 10 minutes are counted; after ten different messages for one reason, further ones are
 * combined; an object that has more than 25 events gets one every 5 minutes from then on. Remembers a bounded number of objects. `nowMs`
 * is Unix time.
 */
export class SeriesTracker {
  readonly #series = new LRUCache<string, EventSeries>({ max: MAX_TRACKED });
  readonly #budgets = new LRUCache<string, ObjectBudget>({ max: MAX_TRACKED });
  readonly #similar = new LRUCache<string, { messages: Set<string>; sinceMs: number }>({ max: MAX_TRACKED });

  /** The series that the event belongs to, counted up; undefined where the object has had its share. */
  track(event: ObjectEvent, nowMs: number): EventSeries | undefined {
    const object = objectKey(event);
    if (!this.#spend(object, nowMs)) return undefined;
    const stored = { ...event, object: identityOf(event.object), message: truncated(event.message) };
    const kind = JSON.stringify([object, event.type, event.reason]);
    const isCombined = this.#isOneTooMany(kind, stored.message, nowMs);
    if (isCombined) stored.message = truncated(`(combined from similar events): ${stored.message}`);
    const key = isCombined ? kind : JSON.stringify([kind, stored.message]);
    const known = this.#series.get(key);
    const goesOn = known !== undefined && nowMs - known.lastAtMs < SERIES_LIFETIME_MS;
    const series = goesOn ? known : { event: stored, count: 0, firstAtMs: nowMs, lastAtMs: nowMs };
    series.event = stored;
    series.count += 1;
    series.lastAtMs = nowMs;
    this.#series.set(key, series);
    return series;
  }

  #spend(object: string, nowMs: number): boolean {
    const budget = this.#budgets.get(object) ?? { tokens: BURST_PER_OBJECT, refilledAtMs: nowMs };
    const refill = Math.floor((nowMs - budget.refilledAtMs) / REFILL_MS);
    if (refill > 0) {
      budget.tokens = Math.min(BURST_PER_OBJECT, budget.tokens + refill);
      budget.refilledAtMs += refill * REFILL_MS;
    }
    this.#budgets.set(object, budget);
    if (budget.tokens <= 0) return false;
    budget.tokens -= 1;
    return true;
  }

  #isOneTooMany(kind: string, message: string, nowMs: number): boolean {
    let similar = this.#similar.get(kind);
    if (similar === undefined || nowMs - similar.sinceMs > SERIES_LIFETIME_MS) {
      similar = { messages: new Set(), sinceMs: nowMs };
    }
    this.#similar.set(kind, similar);
    if (similar.messages.size < SIMILAR_BEFORE_COMBINING) similar.messages.add(message);
    return !similar.messages.has(message);
  }
}

/** Keeps no more of an object: a series outlives the object that it is given, which may be large. */
function identityOf({ apiVersion, kind, metadata }: Identity): Identity {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } };
}

function objectKey({ object: { kind, metadata } }: ObjectEvent): string {
  return JSON.stringify([kind, metadata.namespace, metadata.name, metadata.uid]);
}

/** The API's limit for a message is in bytes; what is cut ends in an ellipsis and never within a character. */
function truncated(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_MESSAGE_BYTES) return message;
  const kept = new TextDecoder().decode(bytes.subarray(0, MAX_MESSAGE_BYTES - 3), { stream: true });
  return `${kept}…`;
}
