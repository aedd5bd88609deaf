/** When each Release's status was written last, to keep details from being written one by one. */
export class Pace {
  readonly #writtenAt = new Map<string, number>();

  /** Notes a write. */
  wrote(key: string): void {
    this.#writtenAt.set(key, performance.now());
  }

  /** Milliseconds left of `pauseMs` since the last write. */
  waitMs(key: string, pauseMs: number): number {
    const writtenAt = this.#writtenAt.get(key);
    return writtenAt === undefined ? 0 : Math.max(0, writtenAt + pauseMs - performance.now());
  }

  /** Forgets a Release. */
  forget(key: string): void {
    this.#writtenAt.delete(key);
  }
}
