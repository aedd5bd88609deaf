import type { Attributes, Span } from './span.ts';

/** The body of a request to `/v1/traces`, in OTLP/JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. */
export function otlpRequest(resource: Attributes, spans: readonly Span[]): string {
  const scope = { name: 'coxswain' };
  return JSON.stringify({
    resourceSpans: [
      { resource: { attributes: keyValues(resource) }, scopeSpans: [{ scope, spans: spans.map(otlpSpan) }] },
    ],
  });
}

const KIND_INTERNAL = 1;
const STATUS_ERROR = 2;

function otlpSpan({
  traceId,
  spanId,
  parentSpanId,
  name,
  beganAt,
  endedAt,
  attributes,
  error,
  links = [],
}: Span): object {
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: KIND_INTERNAL,
    startTimeUnixNano: nanoseconds(beganAt),
    endTimeUnixNano: nanoseconds(Math.max(beganAt, endedAt)),
    attributes: keyValues(error === undefined ? attributes : { ...attributes, 'error.type': error }),
    links,
    status: error === undefined ? {} : { code: STATUS_ERROR, message: error },
  };
}

/** More than a number can hold exactly; 64 bits are strings. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { intValue: String(value) } : { boolValue: value };
}
