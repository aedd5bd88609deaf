import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { askText } from '../live/ask.ts';
import { attemptAfter, delayBefore } from '../live/pace.ts';
import { NO_LOG, ended, withText } from './log-lines.ts';
import type { Log } from './log-lines.ts';
import type { Next } from './next-reading.ts';

/** A log that is being read. */
export interface Reading {
  readonly log: Signal<Log>;
  readonly state: Signal<ReadingState>;
  stop(): void;
}

/** Open, waiting for something to read, or over, perhaps by a failure. */
interface ReadingState {
  readonly is: 'open' | 'waiting' | 'over';
  readonly error?: unknown;
}

/** What comes is shown so often at most. */
const SHOW_MS = 150;
/** How long to wait before looking again whether there is something to read. */
const LOOK_MS = 3_000;

/** Reads a log, again as long as `next` says so, until it is over or nobody wants it any more. */
export function read(path: string, next: (error: unknown) => Next): Reading {
  const abort = new AbortController();
  const log = signal(NO_LOG);
  const state = signal<ReadingState>({ is: 'open' });
  const incoming = new IncomingLog(log);
  const timer = setInterval(() => incoming.show(), SHOW_MS);
  let pause: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  const finish = (error: unknown): void => {
    clearInterval(timer);
    log.value = ended(log.peek());
    state.value = { is: 'over', ...(error !== undefined && { error }) };
  };
  const goOn = (what: Exclude<Next, 'over'>, lastedMs: number): void => {
    attempt = attemptAfter(attempt, { brought: incoming.isAnyThere, lastedMs });
    incoming.beginAnew();
    state.value = { is: what === 'wait' ? 'waiting' : 'open' };
    pause = setTimeout(go, what === 'wait' ? LOOK_MS : delayBefore(attempt, Math.random()));
  };
  const go = (): void => {
    const beganAt = Date.now();
    const after = (error?: unknown): void => {
      if (abort.signal.aborted) return;
      incoming.show();
      const what = next(error);
      if (what === 'over') finish(error);
      else goOn(what, Date.now() - beganAt);
    };
    incoming.take(path, abort.signal, () => (state.value = { is: 'open' })).then(() => after(), after);
  };
  go();
  return {
    log,
    state,
    stop: () => {
      clearInterval(timer);
      clearTimeout(pause);
      abort.abort();
    },
  };
}

/** What has come of a log and is not shown yet; what is read anew takes the place of what was there once any of it has come. */
class IncomingLog {
  readonly #log: Signal<Log>;
  #text = '';
  #isAnew = true;

  constructor(log: Signal<Log>) {
    this.#log = log;
  }

  /** Whether anything came since it began. */
  get isAnyThere(): boolean {
    return !this.#isAnew;
  }

  beginAnew(): void {
    this.#isAnew = true;
  }

  async take(path: string, signal: AbortSignal, opened: () => void): Promise<void> {
    const reader = (await askText(path, signal)).getReader();
    opened();
    for (let part = await reader.read(); !part.done; part = await reader.read()) this.#text += part.value;
  }

  show(): void {
    if (this.#text === '') return;
    this.#log.value = withText(this.#isAnew ? NO_LOG : this.#log.peek(), this.#text);
    this.#isAnew = false;
    this.#text = '';
  }
}
