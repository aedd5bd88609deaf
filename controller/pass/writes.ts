/** How many objects were written, by what was done to them. */
export interface WriteCounts {
  created: number;
  updated: number;
  deleted: number;
}

const COUNTED_AS = { create: 'created', update: 'updated', delete: 'deleted' } as const;

/** The objects that passes have written since `take` was last called, by Release: for the line that is logged for each pass. */
export class Writes {
  readonly #counts = new Map<string, WriteCounts>();

  /** Counts one write. */
  count(key: string, type: keyof typeof COUNTED_AS): void {
    const counts = this.#counts.get(key) ?? { created: 0, updated: 0, deleted: 0 };
    counts[COUNTED_AS[type]] += 1;
    this.#counts.set(key, counts);
  }

  /** What was counted for a Release since the last call; undefined if nothing was written. */
  take(key: string): WriteCounts | undefined {
    const counts = this.#counts.get(key);
    this.#counts.delete(key);
    return counts;
  }
}
