import type { ServerResponse } from 'node:http';

/** How patient a stream is; milliseconds. */
export interface StreamTimes {
  /** How often something is sent at least, so that proxies and the reader know that it lives. */
  readonly heartbeatMs: number;
  /** How long a reader may take to read what was sent before it is cut. */
  readonly slowReaderMs: number;
}

/** What streams do unless something else is said. */
export const STREAM_TIMES: StreamTimes = { heartbeatMs: 20_000, slowReaderMs: 30_000 };

/** Server-sent events to one reader. What is sent is never kept twice: while the reader has not read it, `isBlocked` says so. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #times: StreamTimes;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #ending = new AbortController();
  #cut: NodeJS.Timeout | undefined;
  readonly #log: (line: string) => void;
  #onDrain: (() => void) | undefined;

  /** `log` is told of defects. */
  constructor(response: ServerResponse, times: StreamTimes, log: (line: string) => void) {
    this.#log = log;
    this.#response = response;
    this.#times = times;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Nginx would otherwise keep events back.
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    response.on('close', () => this.#end());
    response.on('drain', () => this.#drained());
    this.#heartbeat = setInterval(() => {
      if (!this.isBlocked) this.#write(': alive\n\n');
    }, times.heartbeatMs);
  }

  /** Aborts once nobody reads any more, or it was closed. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether the reader has not read what was sent: then it is better to wait, and to send what is true by then. */
  get isBlocked(): boolean {
    return this.#cut !== undefined;
  }

  /** Calls back whenever the reader has read all. */
  whenRead(callback: () => void): void {
    this.#onDrain = callback;
  }

  /** Sends an event. */
  send(name: string, data: unknown): void {
    if (!this.ended.aborted) this.#write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Ends it by a defect of this program: the page asks anew. */
  fail(error: unknown): void {
    this.#log(`defect: ${error instanceof Error ? error.stack : String(error)}`);
    this.close();
  }

  /** Ends it by the event `ended`, if there is something to say. */
  end(why?: string): void {
    if (why !== undefined) this.send('ended', { message: why });
    this.close();
  }

  /** Ends it after what was sent. */
  close(): void {
    this.#end();
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.write(text) || this.#cut !== undefined) return;
    this.#cut = setTimeout(() => this.#response.destroy(), this.#times.slowReaderMs);
  }

  #drained(): void {
    clearTimeout(this.#cut);
    this.#cut = undefined;
    if (!this.ended.aborted) this.#onDrain?.();
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#cut);
    this.#ending.abort();
  }
}
