import { jitteredBackoffMs, type Backoff } from '../../kube/index.ts';
import { metered } from '../../turns/index.ts';
import { namespaceOf } from '../pass/key.ts';
import { EventLoopShares } from './event-loop-shares.ts';
import { FairKeys } from '../pass/memory/fair-keys.ts';

/** How a worker wants a key handled after it is done with it. */
export interface Requeue {
  /** Look at the key again after this many milliseconds at the latest. */
  afterMs?: number;
  /** Whether the work is not finished: the key then goes before those whose work has not begun. */
  underWay?: boolean;
}

/** Settings of the queue. */
export interface QueueOptions {
  workers: number;
  /** Keys of one namespace that may be worked on at a time. */
  maxPerNamespace: number;
  backoff: Backoff;
  onError(key: string, error: unknown): void;
  observer?: QueueObserver | undefined;
}

/** Told of what the queue does; must not throw. */
export interface QueueObserver {
  /** The key waits for a worker; this may have been reported before. */
  added(key: string): void;
  began(key: string): void;
  ended(key: string, end: Requeue | { error: unknown }): void;
}

/** After this many keys whose work was under way comes one whose work was not. */
const UNDER_WAY_IN_A_ROW = 4;
/** Work that lasts longer is waiting for something outside: a registry, a chart being rendered, thousands of API server responses. */
const LONG_MS = 1_000;
/** Once this many times the number of workers are at work, those at long work included, a namespace begins one more only if it has none. */
export const MAX_AT_WORK = 8;
/** At most this many times the number of workers are at work. */
const MAX_IN_ALL = 4 * MAX_AT_WORK;

/**
 * A work queue of keys: each key waits at most once, is worked on by one worker at a time, and the namespaces take turns, so that a tenant
 * with many keys delays the others by one key at most, and by none while it holds as many workers as it may. What is under way is finished
 * first, so that in a burst the first are done before the last are begun; the others have every fifth turn. Work that lasts over a second
 * no longer holds a worker, only a place of its namespace: what a few tenants wait for must not keep the others waiting. A namespace whose
 * work in turns takes more than its share of the event loop rests while others are at work. A key whose work throws is retried with growing
 * delay.
 */
export class Queue {
  readonly #work: (key: string) => Promise<Requeue>;
  readonly #options: QueueOptions;
  readonly #underWay = new Set<string>();
  readonly #waiting = { underWay: new FairKeys(), other: new FairKeys() };
  #underWayInARow = 0;
  readonly #running = new Set<string>();
  /** Those of the running keys that hold a worker. */
  readonly #holding = new Map<string, NodeJS.Timeout>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, { due: number; timer: NodeJS.Timeout }>();
  readonly #failures = new Map<string, number>();
  readonly #idle: (() => void)[] = [];
  readonly #shares = new EventLoopShares();
  #rest: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(work: (key: string) => Promise<Requeue>, options: QueueOptions) {
    this.#work = work;
    this.#options = options;
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#waiting.underWay.size + this.#waiting.other.size;
  }

  /** How long a namespace that has had more than its share of the event loop has to rest. */
  restMs(namespace: string): number {
    return this.#shares.restMs(namespace, performance.now());
  }

  /** Adds a key, to be worked on as soon as a worker is free; one that is being worked on is worked on once more afterwards. */
  add(key: string): void {
    if (this.#stopped) return;
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#clearTimer(key);
    const lane = this.#underWay.has(key) ? this.#waiting.underWay : this.#waiting.other;
    lane.add(key);
    this.#options.observer?.added(key);
    this.#startWorkers();
  }

  /** Adds the key after a delay; an earlier time set for the same key stands. */
  addAfter(key: string, delayMs: number): void {
    if (this.#stopped) return;
    const due = performance.now() + delayMs;
    const appointed = this.#timers.get(key);
    if (appointed && appointed.due <= due) return;
    this.#clearTimer(key);
    const timer = setTimeout(() => this.add(key), Math.min(delayMs, 2 ** 31 - 1));
    this.#timers.set(key, { due, timer });
  }

  /** Takes no more keys and resolves once the workers are done with theirs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const key of this.#timers.keys()) this.#clearTimer(key);
    clearTimeout(this.#rest);
    this.#waiting.underWay.clear();
    this.#waiting.other.clear();
    this.#again.clear();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #startWorkers(): void {
    const { workers } = this.#options;
    while (this.#holding.size < workers && this.#running.size < workers * MAX_IN_ALL) {
      const key = this.#takeNext();
      if (key === undefined) return;
      this.#running.add(key);
      this.#options.observer?.began(key);
      this.#shares.begin(namespaceOf(key), performance.now());
      const letGo = setTimeout(() => {
        this.#holding.delete(key);
        this.#startWorkers();
      }, LONG_MS);
      this.#holding.set(key, letGo);
      void this.#run(key);
    }
  }

  #takeNext(): string | undefined {
    const { underWay, other } = this.#waiting;
    let restMs = Infinity;
    const lanes = this.#underWayInARow < UNDER_WAY_IN_A_ROW ? [underWay, other] : [other, underWay];
    for (const lane of lanes) {
      const key = lane.take((namespace) => {
        if (this.#holdsAllItMay(namespace)) return false;
        const leftMs = this.#shares.restMs(namespace, performance.now());
        if (leftMs > 0) restMs = Math.min(restMs, leftMs);
        return leftMs === 0;
      });
      if (key === undefined) continue;
      this.#underWayInARow = lane === underWay ? this.#underWayInARow + 1 : 0;
      return key;
    }
    this.#goOnAfter(restMs);
    return undefined;
  }

  #goOnAfter(restMs: number): void {
    clearTimeout(this.#rest);
    if (restMs < Infinity) this.#rest = setTimeout(() => this.#startWorkers(), restMs);
  }

  #holdsAllItMay(namespace: string): boolean {
    const held = [...this.#running].filter((key) => namespaceOf(key) === namespace).length;
    if (held === 0) return false;
    const { workers, maxPerNamespace } = this.#options;
    const areMany = this.#running.size >= workers * MAX_AT_WORK;
    return areMany || held >= maxPerNamespace || this.#shares.isAhead(namespace, performance.now());
  }

  async #run(key: string): Promise<void> {
    const charge = (ms: number): void => this.#shares.charge(namespaceOf(key), ms, performance.now());
    try {
      const next = await metered(charge, () => this.#work(key));
      this.#options.observer?.ended(key, next);
      this.#failures.delete(key);
      if (next.underWay) this.#underWay.add(key);
      else this.#underWay.delete(key);
      if (next.afterMs !== undefined) this.addAfter(key, next.afterMs);
    } catch (error) {
      this.#options.observer?.ended(key, { error });
      this.#options.onError(key, error);
      this.addAfter(key, this.#backoffMs(key));
    } finally {
      this.#running.delete(key);
      clearTimeout(this.#holding.get(key));
      this.#holding.delete(key);
      if (this.#again.delete(key)) this.add(key);
      this.#startWorkers();
      if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  #backoffMs(key: string): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    return jitteredBackoffMs(failures, this.#options.backoff);
  }

  #clearTimer(key: string): void {
    clearTimeout(this.#timers.get(key)?.timer);
    this.#timers.delete(key);
  }
}
