import { namespaceOf } from '../key.ts';

/** Waiting keys, each once. Their namespaces take turns: one with many keys delays the others by one key at most. */
export class FairKeys {
  /** The order of the map is the order of turns. */
  readonly #keys = new Map<string, Set<string>>();

  /** Number of keys that wait. */
  get size(): number {
    return [...this.#keys.values()].reduce((sum, keys) => sum + keys.size, 0);
  }

  /** Makes the key wait behind the others of its namespace. */
  add(key: string): void {
    const namespace = namespaceOf(key);
    const keys = this.#keys.get(namespace) ?? new Set<string>();
    keys.add(key);
    this.#keys.set(namespace, keys);
  }

  /** Takes the oldest key of the first namespace that may have a turn with it; the namespace then goes to the end of the line. */
  take(mayHaveTurn: (namespace: string, key: string) => boolean): string | undefined {
    for (const [namespace, keys] of this.#keys) {
      const [key] = keys;
      if (key === undefined || !mayHaveTurn(namespace, key)) continue;
      keys.delete(key);
      this.#keys.delete(namespace);
      if (keys.size > 0) this.#keys.set(namespace, keys);
      return key;
    }
    return undefined;
  }

  /** Sends a namespace to the end of the line. */
  putLast(namespace: string): void {
    const keys = this.#keys.get(namespace);
    if (keys && this.#keys.delete(namespace)) this.#keys.set(namespace, keys);
  }

  /** Removes the key, if it waits. */
  remove(key: string): void {
    const namespace = namespaceOf(key);
    const keys = this.#keys.get(namespace);
    if (keys?.delete(key) && keys.size === 0) this.#keys.delete(namespace);
  }

  /** Forgets all keys. */
  clear(): void {
    this.#keys.clear();
  }
}
