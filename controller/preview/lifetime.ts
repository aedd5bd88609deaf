import type { KubeObject } from '../../resources/index.ts';

/** How long a ReleasePreview lives, from its creation on. */
const LIFETIME_MS = 600_000;
/** So many finished ones are kept for each namespace. */
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

  /** Records that a preview tells what its spec asks. */
  add(key: string, { namespace = '', generation = 0 }: KubeObject['metadata']): void {
    this.#generations.delete(key);
    this.#generations.set(key, { namespace, generation });
  }

  /** Whether what a preview tells is of its present spec. */
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
