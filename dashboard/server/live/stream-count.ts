import { HttpError } from '../http/answers.ts';

/** How many streams one viewer may have at a time, in all windows. */
const MAX_STREAMS_OF_ONE = 12;
/** How many all viewers together may have. */
const MAX_STREAMS = 400;

/** Counts the streams of each viewer. */
export class StreamCount {
  readonly #ofViewer = new Map<string, number>();
  #all = 0;

  /** Counts one more until `ended` aborts; throws HttpError TooManyRequests where there are too many. */
  enter(viewer: string, ended: AbortSignal): void {
    const its = this.#ofViewer.get(viewer) ?? 0;
    if (its >= MAX_STREAMS_OF_ONE || this.#all >= MAX_STREAMS)
      throw new HttpError(429, 'TooManyRequests', 'too many windows of the dashboard are open: close some');
    this.#ofViewer.set(viewer, its + 1);
    this.#all += 1;
    ended.addEventListener('abort', () => this.#leave(viewer));
  }

  #leave(viewer: string): void {
    this.#all -= 1;
    const its = (this.#ofViewer.get(viewer) ?? 1) - 1;
    if (its === 0) this.#ofViewer.delete(viewer);
    else this.#ofViewer.set(viewer, its);
  }
}
