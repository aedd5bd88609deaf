/** From when a registry reports a push until a version that it led to is recorded. */
export class PushTimes {
  readonly #reportedAt = new Map<string, number>();
  readonly #observe: (seconds: number) => void;

  constructor(observe: (seconds: number) => void) {
    this.#observe = observe;
  }

  /** A push was reported that affects these Releases. */
  reported(keys: readonly string[], nowMs: number): void {
    for (const key of keys) if (!this.#reportedAt.has(key)) this.#reportedAt.set(key, nowMs);
  }

  /** A version of this Release was recorded. */
  recorded(key: string, nowMs: number): void {
    const at = this.#reportedAt.get(key);
    if (at !== undefined) this.#observe((nowMs - at) / 1000);
    this.#reportedAt.delete(key);
  }

  /** A pass that began at this time is over: what was reported before leads to nothing more. */
  passed(key: string, beganAt: number): void {
    if ((this.#reportedAt.get(key) ?? Infinity) <= beganAt) this.#reportedAt.delete(key);
  }
}
