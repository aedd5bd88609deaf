import type { EventStream } from '../http/event-stream.ts';

/** Calls `tell` once for all that happens within `ms`, and not while the reader is still reading. */
export class Batches {
  readonly #stream: EventStream;
  readonly #ms: number;
  readonly #tell: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  constructor(stream: EventStream, ms: number, tell: () => void) {
    this.#stream = stream;
    this.#ms = ms;
    this.#tell = tell;
    stream.whenRead(() => this.#tellIfDue());
    stream.ended.addEventListener('abort', () => clearTimeout(this.#timer));
  }

  /** Something has happened. */
  soon(): void {
    if (this.#stream.ended.aborted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#isDue = true;
      this.#tellIfDue();
    }, this.#ms);
  }

  #tellIfDue(): void {
    if (!this.#isDue || this.#stream.isBlocked) return;
    this.#isDue = false;
    try {
      this.#tell();
    } catch (error) {
      // One viewer's objects must not end what others look at.
      this.#stream.fail(error);
    }
  }
}
