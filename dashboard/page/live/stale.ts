import { signal } from '@preact/signals';

/** The server says so again with each of its attempts that fails, every half minute at least: after so long a silence, none does. */
const SILENCE_MS = 75_000;

/** Why what is shown may be old. */
export class Stale {
  /** Null while it is not. */
  readonly why = signal<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The cluster did not answer just now. */
  say(message: string): void {
    this.stay(message);
    this.#timer = setTimeout(() => this.forget(), SILENCE_MS);
  }

  /** Nothing more will come. */
  stay(message: string): void {
    this.forget();
    this.why.value = message;
  }

  /** Something came. */
  forget(): void {
    clearTimeout(this.#timer);
    this.why.value = null;
  }
}
