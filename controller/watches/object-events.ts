import { startInformer, type Informer, type KubeClient } from '../../kube/index.ts';
import type { EventsAbout, EventSubject, KubeObject } from '../../resources/index.ts';
import type { Budget } from '../pass/budget.ts';
import { namespaceOf } from '../pass/key.ts';
import { EVENTS } from '../pass/resources.ts';
import { EventTexts } from './event-texts.ts';

/** Some Events of a namespace, watched as one identity. */
interface Feed {
  informer: Informer<KubeObject>;
  texts: EventTexts;
  /** The Releases that read it. */
  keys: Set<string>;
}

interface Follower {
  /** When it was first seen not to be healthy (a `performance.now()`). */
  sinceMs: number;
  subjects: ReadonlySet<string>;
  feeds: ReadonlyMap<string, Feed>;
}

const NONE: ReadonlyMap<string, Feed> = new Map();
/** What becomes healthy within this time needs no Events. */
const PATIENCE_MS = 3_000;
/** Objects about which one Release reads Events. */
const MAX_SUBJECTS = 50;
/** Objects about which the Events of a namespace are kept. */
const MAX_OBJECTS = 100;
/** About how many bytes they take, with their watch. */
const FEED_BYTES = 160 * 1024;

/**
 * Kubernetes Events about objects that are not healthy, read as the service account of the Release that they belong to; a Release whose
 * account may not read them does without. In a namespace only Warnings are watched, and all Events about kinds of which a health rule reads
 * them all; no more is kept of them than the newest texts about a few objects.
 */
export class ObjectEvents {
  readonly #client: KubeClient;
  readonly #enqueue: (key: string) => void;
  readonly #budget: Budget;
  readonly #restMs: (namespace: string) => number;
  readonly #feeds = new Map<string, Feed>();
  readonly #followers = new Map<string, Follower>();
  /** The Releases that read about an object, by its uid. */
  readonly #readers = new Map<string, Set<string>>();

  /** `budget` is charged with each watch; `restMs` says for how long nothing is to be read for a namespace. */
  constructor(
    client: KubeClient,
    enqueue: (key: string) => void,
    { budget, restMs = () => 0 }: { budget: Budget; restMs?: (namespace: string) => number },
  ) {
    this.#budget = budget;
    this.#client = client;
    this.#enqueue = enqueue;
    this.#restMs = restMs;
  }

  /**
   * Lets Events about these objects wake a Release from now on, and no others; an empty list ends it. Returns in how many milliseconds to
   * look again where they are not watched yet, or where some are known that were not before.
   */
  follow(key: string, user: string, subjects: readonly EventSubject[]): number | undefined {
    if (subjects.length === 0) {
      this.forget(key);
      return undefined;
    }
    const { sinceMs, feeds: before } = this.#followers.get(key) ?? { sinceMs: performance.now(), feeds: NONE };
    const leftMs = sinceMs + PATIENCE_MS - performance.now();
    const read = leftMs > 0 ? [] : subjects.slice(0, MAX_SUBJECTS);
    const feeds = new Map(read.flatMap((subject) => this.#join(key, user, selectorFor(subject))));
    for (const [name, feed] of before) if (!feeds.has(name)) this.#leave(key, name, feed);
    this.#followers.set(key, { sinceMs, subjects: this.#setSubjects(key, read), feeds });
    if (leftMs > 0) return leftMs;
    return isKnownOfAny(newIn(feeds, before), read) ? 1 : undefined;
  }

  /** What the Events that a Release follows say about an object. */
  about(key: string): EventsAbout {
    const feeds = [...(this.#followers.get(key)?.feeds.values() ?? [])];
    return (uid = '') => feeds.flatMap(({ texts }) => texts.about(uid)).sort((a, b) => a.at - b.at);
  }

  /** Ends whatever only this Release needed. */
  forget(key: string): void {
    for (const [name, feed] of this.#followers.get(key)?.feeds ?? []) this.#leave(key, name, feed);
    this.#setSubjects(key, []);
    this.#followers.delete(key);
  }

  /** Ends every watch. */
  stop(): void {
    for (const { informer } of this.#feeds.values()) informer.stop();
    this.#feeds.clear();
    this.#followers.clear();
  }

  /** Replaces the objects that a Release reads Events about. */
  #setSubjects(key: string, subjects: readonly EventSubject[]): ReadonlySet<string> {
    const now = new Set(subjects.map(({ uid }) => uid));
    for (const uid of this.#followers.get(key)?.subjects ?? []) {
      const readers = this.#readers.get(uid);
      readers?.delete(key);
      if (readers?.size === 0) this.#readers.delete(uid);
    }
    for (const uid of now) this.#readers.set(uid, (this.#readers.get(uid) ?? new Set()).add(key));
    return now;
  }

  /** None where there is no room for another watch: the Release goes on without. */
  #join(key: string, user: string, fieldSelector: string): [string, Feed][] {
    const namespace = namespaceOf(key);
    const name = [user, namespace, fieldSelector].join('|');
    const known = this.#feeds.get(name);
    if (known === undefined && !this.#budget.hasRoomFor(namespace, FEED_BYTES)) return [];
    const feed = known ?? this.#start(user, namespace, fieldSelector);
    if (known === undefined) this.#budget.add(namespace, FEED_BYTES);
    this.#feeds.set(name, feed);
    feed.keys.add(key);
    return [[name, feed]];
  }

  #start(user: string, namespace: string, fieldSelector: string): Feed {
    const keys = new Set<string>();
    // Anybody can write an Event about anything: it counts only in its own namespace.
    const readersOf = (uid: string): string[] => [...(this.#readers.get(uid) ?? [])].filter((key) => keys.has(key));
    const texts = new EventTexts(MAX_OBJECTS, (uid) => readersOf(uid).length > 0);
    const informer = startInformer<KubeObject>({
      client: this.#client.as(user),
      resource: EVENTS,
      namespace,
      fieldSelector,
      cachePolicy: { keep: () => undefined },
      restMs: () => this.#restMs(namespace),
      onChange: ({ type, object }) => {
        const uid = type === 'deleted' ? undefined : texts.take(object);
        if (uid !== undefined) for (const key of readersOf(uid)) this.#enqueue(key);
      },
    });
    return { informer, texts, keys };
  }

  #leave(key: string, name: string, feed: Feed): void {
    feed.keys.delete(key);
    if (feed.keys.size > 0) return;
    feed.informer.stop();
    if (this.#feeds.get(name) === feed) this.#feeds.delete(name);
    this.#budget.add(namespaceOf(key), -FEED_BYTES);
  }
}

function newIn(feeds: ReadonlyMap<string, Feed>, before: ReadonlyMap<string, Feed>): Feed[] {
  return [...feeds].flatMap(([name, feed]) => (before.has(name) ? [] : [feed]));
}

/** Whether something is known already because it was watched for others before: no event will report it again. */
function isKnownOfAny(feeds: readonly Pick<Feed, 'texts'>[], subjects: readonly EventSubject[]): boolean {
  return feeds.some(({ texts }) => subjects.some(({ uid }) => texts.about(uid).length > 0));
}

function selectorFor({ kind, reads }: EventSubject): string {
  return reads === 'all' ? `involvedObject.kind=${kind}` : 'type=Warning';
}
