import type { KubeObject } from '../resources/index.ts';
import { jitteredBackoffMs, sleepFor } from './backoff.ts';
import type { ApiResource } from './api-resource.ts';
import type { Change, CachePolicy } from './cache.ts';
import { ObjectCache } from './cache.ts';
import type { KubeClient } from './client.ts';
import type { KubeError } from './errors.ts';
import { isKubeError } from './errors.ts';
import type { Content } from './http/options.ts';
import { noAnswerError } from './http/transport.ts';
import { isUnreadable, isUnsupported, type WatchEvent } from './http/watch.ts';

/** What to watch, and what to do with it. */
export interface InformerOptions<T extends KubeObject> {
  client: KubeClient;
  resource: ApiResource;
  /** All namespaces where undefined. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** How much of each object is asked for; default `whole`. */
  content?: Content;
  /** Told of each change, in the order of each object's changes; what it throws goes to `onError`. */
  onChange: (change: Change<T>) => void;
  cachePolicy?: CachePolicy<T>;
  /** Told when the first copy is complete, also after a refusal that was lifted. */
  onSynced?: (() => void) | undefined;
  /** Told of each failure, none of which ends the informer; must not throw. */
  onError?: (error: unknown) => void;
  /** How long a watch may say nothing, bookmarks included, before its connection counts as dead; default 3 minutes. */
  silenceMs?: number;
  /**
   * Asked after each event: for how long no further ones are to be read. What happens meanwhile is read later; where only one object is
   * watched, only its last state.
   */
  restMs?: () => number;
  /** Waits between two attempts, at most until the signal aborts; by default for as long as it is told. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A copy of a collection that follows the API server until stopped, through every failure. */
export interface Informer<T extends KubeObject> {
  /** Resolves with the first complete copy; rejects with KubeError where the server refuses it for good (403, 404, …). */
  readonly synced: Promise<void>;
  /** Whether there was a complete copy; a refusal that is lifted later is noticed here. */
  readonly hasSynced: boolean;
  /** Why the copy is not being kept up at the moment. */
  readonly error: KubeError | undefined;
  get(namespace: string | undefined, name: string): T | undefined;
  list(namespace?: string): T[];
  /** Takes the answer to the client's own write, unless the copy is newer. */
  store(object: T): void;
  /** Reads the collection again, for what the policy would now keep more of; resolves when that is done. */
  refresh(): Promise<void>;
  /** Drops what the client itself has deleted. */
  forget(namespace: string | undefined, name: string): void;
  /** Ends the watch and frees its socket; the copy stays readable. */
  stop(): void;
}

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
/** Bookmarks come about once a minute. */
const SILENCE_MS = 180_000;
/** The same while the collection is not complete: even a slow server then says something now and then. */
const INITIAL_SILENCE_MS = 30_000;
const SHORT_WATCH_MS = 1_000;
const STABLE_WATCH_MS = 10_000;
const RETRY_MS = { first: 500, max: 30_000 };
const RETRY_REFUSED_MS = { first: 5_000, max: 60_000 };

/**
 * Follows a collection by one watch that also brings the initial objects (so that it needs no `list` permission), or by
 * list and watch where the server has no such watch.
 */
export function startInformer<T extends KubeObject>(options: InformerOptions<T>): Informer<T> {
  const follower = new Follower(options);
  void follower.run();
  return follower;
}

class Follower<T extends KubeObject> implements Informer<T> {
  readonly synced: Promise<void>;
  hasSynced = false;
  error: KubeError | undefined;
  readonly #options: InformerOptions<T>;
  readonly #cache: ObjectCache<T>;
  readonly #stopping = new AbortController();
  /** Ends the present request, and with it the watch that it may have become. */
  #attempt = new AbortController();
  #renewal: PromiseWithResolvers<void> | undefined;
  readonly #settle: { resolve: () => void; reject: (error: KubeError) => void };
  /** Where the next watch goes on; undefined where it has to begin with the whole collection. */
  #resourceVersion: string | undefined;
  #canStreamInitialEvents = true;
  #failures = 0;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.#cache = new ObjectCache<T>((change) => this.#tell(change), options.cachePolicy);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Nobody has to await `synced`, and `error` has a refusal as well.
    promise.catch(() => undefined);
    this.synced = promise;
    this.#settle = { resolve, reject };
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#cache.get(namespace, name);
  }

  list(namespace?: string): T[] {
    return this.#cache.list(namespace);
  }

  store(object: T): void {
    this.#cache.store(object);
  }

  forget(namespace: string | undefined, name: string): void {
    this.#cache.forget(namespace, name);
  }

  refresh(): Promise<void> {
    if (this.#renewal === undefined) {
      this.#renewal = Promise.withResolvers<void>();
      this.#attempt.abort();
    }
    return this.#renewal.promise;
  }

  stop(): void {
    this.#stopping.abort();
    this.#attempt.abort();
  }

  async run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now();
      this.#attempt = new AbortController();
      if (this.#renewal !== undefined) this.#resourceVersion = undefined;
      const error = await this.#follow();
      if (this.#stopping.signal.aborted) return;
      if (this.#attempt.signal.aborted) continue;
      const { pause = sleepFor } = this.#options;
      const restMs = error === undefined ? this.#restMs() : 0;
      if (restMs > 0) this.#skipStates();
      else this.#count(error, performance.now() - startedAt);
      await pause(restMs > 0 ? restMs : this.#reactTo(error), this.#stopping.signal);
    }
  }

  /** Of a single object, only the last state matters. */
  #skipStates(): void {
    if (this.#options.fieldSelector?.startsWith('metadata.name=')) this.#resourceVersion = undefined;
  }

  /** Follows until the watch ends, well (undefined) or with an error. */
  async #follow(): Promise<KubeError | undefined> {
    try {
      if (this.#resourceVersion !== undefined) await this.#watch();
      else if (this.#canStreamInitialEvents) await this.#watchFromStart();
      else await this.#listAndWatch();
      return undefined;
    } catch (error) {
      return noAnswerError({ verb: 'watch', resource: this.#options.resource.plural }, error);
    }
  }

  async #watch(): Promise<void> {
    const events = await this.#open({ resourceVersion: this.#resourceVersion }, this.#attempt.signal);
    this.error = undefined;
    for await (const event of events) {
      await this.#takeInTurn(event);
      if (this.#restMs() > 0) return;
    }
  }

  /** No rest before the collection is complete: it would have to be begun again. */
  #restMs(): number {
    return this.#resourceVersion === undefined ? 0 : (this.#options.restMs?.() ?? 0);
  }

  async #watchFromStart(): Promise<void> {
    try {
      await this.#streamCollection();
    } catch (error) {
      if (this.#resourceVersion !== undefined) throw error;
      if (isUnsupported(error)) this.#canStreamInitialEvents = false;
      // A server that ignores `sendInitialEvents` never says that the collection is complete.
      else if (!isKubeError(error, 'TimedOut')) throw error;
      await this.#listAndWatch();
    }
  }

  async #streamCollection(): Promise<void> {
    const query = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' };
    const limitMs = Math.min(this.#options.silenceMs ?? SILENCE_MS, INITIAL_SILENCE_MS);
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new DOMException('silence', 'TimeoutError')), limitMs);
    try {
      const events = await this.#open(query, AbortSignal.any([this.#attempt.signal, silence.signal]));
      this.#cache.beginCollection();
      for await (const event of events) {
        await this.#takeInTurn(event);
        if (this.#resourceVersion === undefined) timer.refresh();
        else clearTimeout(timer);
        if (this.#restMs() > 0) return;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #listAndWatch(): Promise<void> {
    const { client, resource, namespace, labelSelector, fieldSelector, content } = this.#options;
    const selection = { labelSelector, fieldSelector };
    const { items, resourceVersion } = await client.listAt<T>(resource, namespace, selection, content && { content });
    if (this.#attempt.signal.aborted) return;
    this.#cache.beginCollection();
    for (const item of items) await client.inTurns(this.#take({ type: 'ADDED', object: item }));
    this.#complete(resourceVersion);
    await this.#watch();
  }

  #open(query: Record<string, string | undefined>, signal: AbortSignal): Promise<AsyncGenerator<WatchEvent, void>> {
    const {
      client,
      resource,
      namespace,
      labelSelector,
      fieldSelector,
      content,
      silenceMs = SILENCE_MS,
    } = this.#options;
    // A random end, so that the watches of many informers do not restart together.
    const timeoutSeconds = String(Math.round(300 + Math.random() * 300));
    const all = { ...query, labelSelector, fieldSelector, allowWatchBookmarks: 'true', timeoutSeconds };
    return client.watch(resource, namespace, all, { signal, silenceMs, ...(content && { content }) });
  }

  async #takeInTurn(event: WatchEvent): Promise<void> {
    await this.#options.client.inTurns(this.#take(event));
  }

  *#take({ type, object }: WatchEvent): Generator<undefined, void> {
    const { resourceVersion, annotations } = object.metadata;
    if (type === 'DELETED') this.#cache.receiveDeleted(yield* this.#cache.prepared(object as T));
    else if (type !== 'BOOKMARK') this.#cache.receive(yield* this.#cache.prepared(object as T));
    else if (annotations?.[INITIAL_EVENTS_END] === 'true') this.#complete(resourceVersion);
    // Before the collection is complete, an event's version is no place to go on from.
    if (this.#resourceVersion !== undefined) this.#resourceVersion = resourceVersion;
  }

  #complete(resourceVersion: string | undefined): void {
    this.#cache.endCollection(resourceVersion);
    this.#resourceVersion = resourceVersion;
    const isFirst = !this.hasSynced;
    this.hasSynced = true;
    this.error = undefined;
    this.#settle.resolve();
    if (isFirst) this.#options.onSynced?.();
    this.#renewal?.resolve();
    this.#renewal = undefined;
  }

  /** A watch that was accepted and broke at once is a failure as well, else a broken proxy would be called in a loop. */
  #count(error: KubeError | undefined, lastedMs: number): void {
    if (lastedMs >= STABLE_WATCH_MS) this.#failures = 0;
    if (error !== undefined || lastedMs < SHORT_WATCH_MS) this.#failures += 1;
    else this.#failures = 0;
  }

  /** Decides what the next attempt starts from, and returns in how many ms it is due. */
  #reactTo(error: KubeError | undefined): number {
    if (error === undefined) return jitteredBackoffMs(this.#failures, RETRY_MS);
    this.error = error;
    this.#report(error);
    if (isUnreadable(error)) this.#resourceVersion = undefined;
    const isRefused = !error.transient && error.code !== 'Gone' && error.status !== undefined;
    if (isRefused) this.#settle.reject(error);
    return Math.max(
      error.retryAfterMs ?? 0,
      jitteredBackoffMs(this.#failures, isRefused ? RETRY_REFUSED_MS : RETRY_MS),
    );
  }

  #tell(change: Change<T>): void {
    try {
      this.#options.onChange(change);
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    this.#options.onError?.(error);
  }
}
