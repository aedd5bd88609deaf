/** How many workers there are, and from when on, and for how long, a namespace counts as slow. */
export interface SchedulingRules {
  readonly workers: number;
  readonly slowMs: number;
  readonly slowForMs: number;
}

/**
 * Decides who gets a worker next. Namespaces take turns. None holds the last worker, so that there is always one for another; and all that
 * have recently kept a worker for long share a single one, however many they are.
 */
export class WorkerScheduler<T> {
  readonly #rules: SchedulingRules;
  /** What waits, by namespace; the order of the map is the order of turns. */
  readonly #waiting = new Map<string, T[]>();
  /** Workers held, by namespace. */
  readonly #held = new Map<string, number>();
  /** When each slow namespace stops being one. */
  readonly #slowUntilMs = new Map<string, number>();

  constructor(rules: SchedulingRules) {
    this.#rules = rules;
  }

  wait(namespace: string, item: T): void {
    const items = this.#waiting.get(namespace);
    if (items === undefined) this.#waiting.set(namespace, [item]);
    else items.push(item);
  }

  /** What gets a worker that is free; undefined where nothing waits that may have it. */
  next(): T | undefined {
    for (const [namespace, items] of this.#waiting) {
      if (!this.#mayHoldOneMore(namespace)) continue;
      const item = items.shift();
      this.#waiting.delete(namespace);
      if (items.length > 0) this.#waiting.set(namespace, items);
      this.#held.set(namespace, this.#heldBy(namespace) + 1);
      return item;
    }
    return undefined;
  }

  /** Records that the namespace gave a worker back after this many milliseconds of work. */
  done(namespace: string, spentMs: number): void {
    const left = this.#heldBy(namespace) - 1;
    if (left > 0) this.#held.set(namespace, left);
    else this.#held.delete(namespace);
    const now = performance.now();
    for (const [slow, untilMs] of this.#slowUntilMs) if (untilMs <= now) this.#slowUntilMs.delete(slow);
    if (spentMs >= this.#rules.slowMs) this.#slowUntilMs.set(namespace, now + this.#rules.slowForMs);
  }

  /** Whether the namespace has recently kept a worker for long. */
  isSlow(namespace: string): boolean {
    return (this.#slowUntilMs.get(namespace) ?? 0) > performance.now();
  }

  /** Takes all that is waiting. */
  drain(): T[] {
    const items = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return items;
  }

  #mayHoldOneMore(namespace: string): boolean {
    if (this.isSlow(namespace)) return [...this.#held.keys()].every((other) => !this.isSlow(other));
    return this.#heldBy(namespace) < Math.max(this.#rules.workers - 1, 1);
  }

  #heldBy(namespace: string): number {
    return this.#held.get(namespace) ?? 0;
  }
}
