import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../kube/index.ts';
import { postOnce, type ProxySettings } from '../../registry-client/index.ts';
import type { Log } from '../pass/log.ts';
import { otlpRequest } from './otlp.ts';
import type { TraceSettings } from './settings.ts';
import type { Span } from './span.ts';
import { SpanQueue } from './span-queue.ts';

/** How a span can end: it was sent, or given up. */
export type SpanEnd = 'sent' | 'dropped';

/** What an exporter works with. */
export interface ExporterServices {
  settings: Omit<TraceSettings, 'ratio'>;
  proxy: ProxySettings;
  log: Log;
  /** Told of each span once. */
  onEnd?: ((end: SpanEnd, count: number) => void) | undefined;
}

/** The numbers of OpenTelemetry's own batch processor. */
const MAX_WAITING = 2_048;
const MAX_BATCH = 512;
const BACKOFF_MS = { first: 1_000, max: 60_000 };
/** What is left when the process stops is sent once, within this time. */
const STOP_MS = 2_000;

/** The administrator has named the collector, which usually is in the cluster: any address may be reached. */
const ANYWHERE = { allow: ['0.0.0.0/0', '::/0'] };
/** Answers after which the same spans may be sent again, as OTLP has them. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

type Outcome = { isSent: true } | { isSent: false; why: string; mayPass: boolean; retryAfterMs?: number | undefined };

/**
 * Sends spans to a collector, in the background: batches, one at a time, again after growing delays while there is no answer. What waits
 * meanwhile is bounded; nobody waits for it.
 */
export class SpanExporter {
  readonly #services: ExporterServices;
  readonly #queue = new SpanQueue(MAX_WAITING);
  readonly #stopping = new AbortController();
  /** What is being sent, until that has ended. */
  #batch: Span[] = [];
  #failures = 0;
  #running: Promise<void> | undefined;

  constructor(services: ExporterServices) {
    this.#services = services;
  }

  /** Has a span sent some time. */
  add(namespace: string, span: Span): void {
    if (this.#stopping.signal.aborted) return this.#end('dropped', 1);
    const dropped = this.#queue.add(namespace, span);
    if (dropped > 0) this.#end('dropped', dropped);
    this.#begin();
  }

  /** Sends what is left, once, as far as that takes no longer than two seconds. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    const signal = AbortSignal.timeout(STOP_MS);
    while (this.#next().length > 0) {
      const { isSent } = await this.#post(this.#batch, signal);
      this.#endBatch(isSent ? 'sent' : 'dropped');
    }
  }

  #begin(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#queue.size > 0 && !this.#stopping.signal.aborted) this.#begin();
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = this.#services.settings.intervalMs;
    while (!signal.aborted && (this.#batch.length > 0 || this.#queue.size > 0)) {
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) pauseMs = await this.#send();
    }
  }

  #next(): readonly Span[] {
    if (this.#batch.length === 0) this.#batch = this.#queue.take(MAX_BATCH);
    return this.#batch;
  }

  /** Sends a batch; returns milliseconds until the next. */
  async #send(): Promise<number> {
    const { settings } = this.#services;
    const timeout = AbortSignal.timeout(settings.timeoutMs);
    const outcome = await this.#post(this.#next(), AbortSignal.any([timeout, this.#stopping.signal]));
    if (outcome.isSent) {
      this.#endBatch('sent');
      if (this.#failures > 0) this.#services.log('info', 'traces are delivered again');
      this.#failures = 0;
      return settings.intervalMs;
    }
    // It is sent once more, as the last.
    if (this.#stopping.signal.aborted) return 0;
    if (this.#failures === 0) this.#services.log('warn', 'traces are not delivered', { cause: outcome.why });
    if (!outcome.mayPass) this.#endBatch('dropped');
    this.#failures += 1;
    const askedMs = Math.min(outcome.retryAfterMs ?? 0, BACKOFF_MS.max);
    return Math.max(askedMs, backoffMs(this.#failures, BACKOFF_MS));
  }

  #endBatch(end: SpanEnd): void {
    const { length } = this.#batch;
    this.#batch = [];
    this.#end(end, length);
  }

  async #post(spans: readonly Span[], signal: AbortSignal): Promise<Outcome> {
    const { settings, proxy } = this.#services;
    const { url, headers, ca, resource } = settings;
    const body = otlpRequest(resource, spans);
    try {
      const { status, retryAfterMs } = await postOnce(
        url,
        { headers: { ...headers, 'content-type': 'application/json' }, body },
        { network: ANYWHERE, proxy, allowPlainHttp: true, signal, ...(ca === undefined ? {} : { tls: { ca } }) },
      );
      if (status >= 200 && status < 300) return { isSent: true };
      return { isSent: false, why: `it answered ${status}`, mayPass: PASSING.has(status), retryAfterMs };
    } catch (error) {
      return { isSent: false, why: error instanceof Error ? error.message : String(error), mayPass: true };
    }
  }

  #end(end: SpanEnd, count: number): void {
    this.#services.onEnd?.(end, count);
  }
}
