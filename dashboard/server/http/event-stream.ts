import type { ServerResponse } from 'node:http';
import { pipeline, type Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

/** How patient a stream is; milliseconds. */
export interface StreamTimes {
  /** How often something is sent at least, so that proxies and the reader know that it lives. */
  readonly heartbeatMs: number;
  /** How long a reader may take to read what was sent before it is cut. */
  readonly slowReaderMs: number;
}

/** What streams do unless something else is said. */
export const STREAM_TIMES: StreamTimes = { heartbeatMs: 20_000, slowReaderMs: 30_000 };

/** Each event is on its way at once; a stream takes 100 KiB for it, and half the usual time. */
const COMPRESSION = { flush: constants.Z_SYNC_FLUSH, level: 3, windowBits: 14, memLevel: 6, chunkSize: 64 * 1024 };

/** Server-sent events to one reader, compressed where it takes that. What is sent is never kept twice: while the reader has not read it, `isBlocked` says so. */
export class EventStream {
  readonly #response: ServerResponse;
  /** Says that it is full while the reader does not read; it leads to the response. */
  readonly #out: Writable;
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
    const isCompressed = /\bgzip\b/.test(String(response.req.headers['accept-encoding']));
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Nginx would otherwise keep events back.
      'x-accel-buffering': 'no',
      vary: 'accept-encoding',
      ...(isCompressed && { 'content-encoding': 'gzip' }),
    });
    response.flushHeaders();
    this.#out = isCompressed ? compressing(response) : response;
    response.on('close', () => {
      clearTimeout(this.#cut);
      this.#end();
    });
    this.#out.on('drain', () => this.#drained());
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
    this.sendJson(name, JSON.stringify(data));
  }

  /** Sends an event whose data are JSON already. */
  sendJson(name: string, json: string): void {
    if (!this.ended.aborted) this.#write(`event: ${name}\ndata: ${json}\n\n`);
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
    if (this.ended.aborted) return;
    this.#end();
    this.#out.end();
    this.#cutUnlessRead();
  }

  #write(text: string): void {
    if (!this.#out.write(text)) this.#cutUnlessRead();
  }

  #cutUnlessRead(): void {
    this.#cut ??= setTimeout(() => this.#response.destroy(), this.#times.slowReaderMs);
  }

  #drained(): void {
    clearTimeout(this.#cut);
    this.#cut = undefined;
    if (!this.ended.aborted) this.#onDrain?.();
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    this.#ending.abort();
  }
}

function compressing(response: ServerResponse): Writable {
  const compressor = createGzip(COMPRESSION);
  // Each ends with the other; a reader who has left is told of by the response.
  pipeline(compressor, response, () => undefined);
  return compressor;
}
