import { namespaceOf } from '../key.ts';
import { FairKeys } from './fair-keys.ts';

/** A key that has waited for this long is no longer overtaken. */
const PATIENCE_MS = 10_000;

/** What a key waits for, and whether it has waited for long. */
interface Wait {
  need: number;
  sinceMs: number;
  isDue: boolean;
  timer: NodeJS.Timeout;
}

/** A key whose turn it is, and the bytes that it needs. */
export interface Turn {
  key: string;
  need: number;
}

/** The keys that wait for room, each with the bytes that it needs. Their namespaces take turns. */
export class WaitingLine {
  readonly #onDue: () => void;
  readonly #waits = new Map<string, Wait>();
  readonly #keys = new FairKeys();

  /** `onDue` is told when a key has waited for long. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Number of keys that wait. */
  get size(): number {
    return this.#waits.size;
  }

  /** How long the first of them has waited. */
  get longestMs(): number {
    const [first] = this.#waits.values();
    return first === undefined ? 0 : performance.now() - first.sinceMs;
  }

  /** Makes the key wait, or need more if it waits already. */
  add(key: string, need: number): void {
    const wait = this.#waits.get(key) ?? this.#begun(key, need);
    wait.need = Math.max(wait.need, need);
    wait.timer.unref();
    this.#waits.set(key, wait);
    this.#keys.add(key);
  }

  /** Removes the key, if it waits. */
  remove(key: string): void {
    clearTimeout(this.#waits.get(key)?.timer);
    this.#waits.delete(key);
    this.#keys.remove(key);
  }

  /** Puts a namespace after all others, if one of them has waited for long; returns whether one has. */
  yieldToOthers(namespace: string): boolean {
    const isOther = [...this.#waits].some(([key, { isDue }]) => isDue && namespaceOf(key) !== namespace);
    if (isOther) this.#keys.putLast(namespace);
    return isOther;
  }

  /** Takes the first that may have its turn, of those that have waited for long, or of the others. */
  take(which: 'due' | 'others', mayHaveTurn: (key: string, need: number) => boolean): Turn | undefined {
    const key = this.#keys.take((_, next) => {
      const wait = this.#waits.get(next);
      return wait?.isDue === (which === 'due') && mayHaveTurn(next, wait.need);
    });
    const wait = key === undefined ? undefined : this.#waits.get(key);
    if (key === undefined || !wait) return undefined;
    this.remove(key);
    return { key, need: wait.need };
  }

  #begun(key: string, need: number): Wait {
    const timer = setTimeout(() => this.#beDue(key), PATIENCE_MS);
    return { need, sinceMs: performance.now(), isDue: false, timer };
  }

  #beDue(key: string): void {
    const wait = this.#waits.get(key);
    if (wait) wait.isDue = true;
    this.#onDue();
  }
}
