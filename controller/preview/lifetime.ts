import { backoffMs } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';

/** How long a ReleasePreview is kept, from its creation on. */
const LIFETIME_MS = 600_000;
/** How many finished ones are kept for each namespace. */
const MAX_FINISHED = 20;

/** Milliseconds until a preview is to be deleted; `now` is in milliseconds since 1970. */
export function leftMsOf({ metadata: { creationTimestamp } }: KubeObject, now: number): number {
  const age = now - Date.parse(creationTimestamp ?? '');
  // A clock that was set back must not make it live longer.
  return Math.min(LIFETIME_MS, LIFETIME_MS - (Number.isNaN(age) ? 0 : age));
}

/** Which generation of each ReleasePreview is finished, in the order in which they were; each must be forgotten once it is gone. */
export class FinishedPreviews {
  readonly #generations = new Map<string, { namespace: string; generation: number }>();

  /** Records that a preview answers what its spec asks. */
  add(key: string, { namespace = '', generation = 0 }: KubeObject['metadata']): void {
    this.#generations.delete(key);
    this.#generations.set(key, { namespace, generation });
  }

  /** Whether what a preview says is about its present spec. */
  has(key: string, { generation = 0 }: KubeObject['metadata']): boolean {
    return this.#generations.get(key)?.generation === generation;
  }

  /** Forgets a preview. */
  forget(key: string): void {
    this.#generations.delete(key);
  }

  /** The keys of those of a namespace that are beyond what is kept, oldest first. */
  beyondLimit(namespace: string): string[] {
    const keys = [...this.#generations].flatMap(([key, one]) => (one.namespace === namespace ? [key] : []));
    return keys.slice(0, Math.max(0, keys.length - MAX_FINISHED));
  }
}

interface Unanswered {
  generation: number;
  /** How often it was tried, and when it is due again, on the clock of `performance.now()`. */
  times: number;
  dueAt: number;
}

const AGAIN_MS = { first: 1_000, max: 60_000 };

/** The ReleasePreviews that could not be answered yet, so that they are tried again after growing delays. Each must be forgotten once it is gone. */
export class UnansweredPreviews {
  readonly #tried = new Map<string, Unanswered>();

  /** Milliseconds until a preview is due again; none for one that was not tried, or was edited since. */
  dueInMs(key: string, { generation = 0 }: KubeObject['metadata']): number {
    const tried = this.#tried.get(key);
    return tried?.generation === generation ? Math.max(0, tried.dueAt - performance.now()) : 0;
  }

  /** Records that a preview could not be answered; returns how often it was tried. */
  tried(key: string, { generation = 0 }: KubeObject['metadata']): number {
    const before = this.#tried.get(key);
    const times = before?.generation === generation ? before.times + 1 : 1;
    this.#tried.set(key, { generation, times, dueAt: performance.now() + backoffMs(times, AGAIN_MS) });
    return times;
  }

  /** Forgets a preview. */
  forget(key: string): void {
    this.#tried.delete(key);
  }
}
