import { createHash, randomBytes } from 'node:crypto';

/** Names a span; in hex, as OTLP/JSON has them. */
export interface SpanContext {
  traceId: string;
  spanId: string;
}

/** What is known of a span besides its name; keys are those of OpenTelemetry's conventions, or begin with `coxswain.`. */
export type Attributes = Record<string, string | number | boolean>;

/** A span that has ended; times are milliseconds since the epoch. */
export interface Span extends SpanContext {
  /** Absent for the root of a trace. */
  parentSpanId?: string | undefined;
  name: string;
  beganAt: number;
  endedAt: number;
  attributes: Attributes;
  /** The reason, where it failed: a word of ours, never a message. */
  error?: string | undefined;
  links?: readonly SpanContext[];
}

/**
 * The root of the trace of an operation. It follows from what is stored in the Release, so that a controller that goes on with the operation
 * after a restart goes on with its trace.
 */
export function rootOf(uid: string, startedAt: string, version: number): SpanContext {
  const hash = createHash('sha256').update(`${uid} ${startedAt} ${version}`).digest('hex');
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}

/** A new span below another one. */
export function childOf({ traceId, spanId }: SpanContext): SpanContext & Pick<Span, 'parentSpanId'> {
  return { traceId, spanId: randomBytes(8).toString('hex'), parentSpanId: spanId };
}

const RANDOM_BITS = 56;

/** Whether a trace is among the share that is kept, by the last bits of its id: so for all its spans, whoever decides. */
export function isSampled({ traceId }: Pick<SpanContext, 'traceId'>, ratio: number): boolean {
  const drawn = Number.parseInt(traceId.slice(-RANDOM_BITS / 4), 16) / 2 ** RANDOM_BITS;
  return drawn >= 1 - ratio;
}
