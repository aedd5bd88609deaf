import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { askText } from '../live/ask.ts';
import { NO_LOG, ended, withText } from './log-lines.ts';
import type { Log } from './log-lines.ts';

/** A log that is being read. */
export interface Reading {
  readonly log: Signal<Log>;
  readonly state: Signal<{ readonly over: boolean; readonly error?: unknown }>;
  stop(): void;
}

/** What comes is shown so often at most. */
const SHOW_MS = 150;

/** Reads a log until it ends or nobody wants it any more. */
export function read(path: string): Reading {
  const abort = new AbortController();
  const log = signal(NO_LOG);
  const state: Reading['state'] = signal({ over: false });
  let waiting = '';
  const show = (): void => {
    if (waiting !== '') log.value = withText(log.peek(), waiting);
    waiting = '';
  };
  const timer = setInterval(show, SHOW_MS);
  const take = async (): Promise<void> => {
    const reader = (await askText(path, abort.signal)).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) waiting += part.value;
  };
  const finish = (error?: unknown): void => {
    clearInterval(timer);
    if (abort.signal.aborted) return;
    show();
    log.value = ended(log.peek());
    state.value = error === undefined ? { over: true } : { over: true, error };
  };
  take().then(() => finish(), finish);
  return {
    log,
    state,
    stop: () => {
      clearInterval(timer);
      abort.abort();
    },
  };
}
