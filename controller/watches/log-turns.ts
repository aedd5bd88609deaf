import { LRUCache } from 'lru-cache';
import { namespaceOf } from '../pass/key.ts';

/** Releases whose logs are read at a time: of all, and of one namespace. */
const MAX_READS = 10;
const MAX_READS_OF_NAMESPACE = 2;
/** The pause before logs of a Release are read again, and that of one that was refused. */
const PAUSE_MS = 5_000;
const REFUSED_PAUSE_MS = 600_000;
/** When to ask again if others are being read. */
const BUSY_MS = 2_000;

/** Whose turn it is to have logs read. No namespace takes more than its part, however many Releases it has and however slow its nodes are. */
export class LogTurns {
  /** By namespace and Release, when its turn may come (by the clock of the caller, in milliseconds). */
  readonly #notBefore = new Map<string, LRUCache<string, number>>();
  readonly #underWay = new Set<string>();

  /** Milliseconds until the turn of a Release may come; 0 where it has come. */
  waitMs(key: string, now: number): number {
    const leftMs = (this.#notBefore.get(namespaceOf(key))?.get(key) ?? 0) - now;
    if (leftMs > 0) return leftMs;
    const isBusy = this.#underWay.has(key) || this.#underWay.size >= MAX_READS;
    return isBusy || this.#readsOf(namespaceOf(key)) >= MAX_READS_OF_NAMESPACE ? BUSY_MS : 0;
  }

  /** Takes the turn. */
  begin(key: string, now: number): void {
    this.#underWay.add(key);
    this.#delay(key, now + PAUSE_MS);
  }

  /** Gives it back. */
  end(key: string): void {
    this.#underWay.delete(key);
  }

  /** Records that the account of a Release may read no logs. */
  refused(key: string, now: number): void {
    this.#delay(key, now + REFUSED_PAUSE_MS);
  }

  #readsOf(namespace: string): number {
    let reads = 0;
    for (const key of this.#underWay) if (namespaceOf(key) === namespace) reads += 1;
    return reads;
  }

  #delay(key: string, until: number): void {
    ofNamespace(this.#notBefore, key).set(key, until);
  }
}

/** As many entries are kept for a namespace, and as many namespaces. */
const MAX_ENTRIES = 200;
const MAX_NAMESPACES = 500;

/** What is kept for the namespace of a Release; that of the namespace that began first goes where there are too many. */
export function ofNamespace<T extends object | number>(
  kept: Map<string, LRUCache<string, T>>,
  key: string,
): LRUCache<string, T> {
  const namespace = namespaceOf(key);
  const known = kept.get(namespace);
  if (known) return known;
  const [oldest] = kept.keys();
  if (kept.size >= MAX_NAMESPACES && oldest !== undefined) kept.delete(oldest);
  // Limited by size: a limit by number would allocate room for all at once.
  const made = new LRUCache<string, T>({ maxSize: MAX_ENTRIES, sizeCalculation: () => 1 });
  kept.set(namespace, made);
  return made;
}
