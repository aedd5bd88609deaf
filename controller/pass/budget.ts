import { getHeapStatistics } from 'node:v8';

/**
 * The parts of the JavaScript heap that may hold what is known of the cluster, and the part of each for any one namespace. What passes hold
 * while they are at work comes on top: most of it is outside of that heap.
 */
const SHARES = { children: 0.4, records: 0.2, releases: 0.1, versions: 0.1, accounts: 0.05, passes: 0.1 };
const NAMESPACE_SHARE = 0.5;

/** The bytes for a part of what is known, by default of the heap that this process may have. */
export function shareOf(part: keyof typeof SHARES, heapBytes = getHeapStatistics().heap_size_limit): number {
  return heapBytes * SHARES[part];
}

/** A budget of `total` bytes, of which no namespace holds more than half. */
export function budgetOf(total: number): Budget {
  return new Budget({ total, namespace: total * NAMESPACE_SHARE });
}

/** Memory that namespaces share: none takes more than its part, nor, when all is taken, more than the others. */
export class Budget {
  readonly limits: { total: number; namespace: number };
  readonly #held = new Map<string, number>();
  #total = 0;

  /** Both limits in bytes. */
  constructor(limits: { total: number; namespace: number }) {
    this.limits = limits;
  }

  /** Whether a namespace may hold this many bytes more; it may always hold fewer. */
  hasRoomFor(namespace: string, bytes: number): boolean {
    if (bytes <= 0) return true;
    const held = this.held(namespace) + bytes;
    if (held > this.limits.namespace) return false;
    return this.#total + bytes <= this.limits.total || held <= this.limits.total / Math.max(1, this.#held.size);
  }

  /** Records that a namespace holds this many bytes more, or less. */
  add(namespace: string, bytes: number): void {
    this.#total += bytes;
    const held = this.held(namespace) + bytes;
    if (held > 0) this.#held.set(namespace, held);
    else this.#held.delete(namespace);
  }

  /** The bytes that a namespace holds. */
  held(namespace: string): number {
    return this.#held.get(namespace) ?? 0;
  }
}
