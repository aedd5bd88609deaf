import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Attributes } from './span.ts';

/** Where traces go, and which. */
export interface TraceSettings {
  url: URL;
  headers: Record<string, string>;
  /** Certificates to trust, in PEM, besides those that are trusted anyway. */
  ca: string | undefined;
  timeoutMs: number;
  /** How often spans are sent. */
  intervalMs: number;
  /** The share of the traces that is sent. */
  ratio: number;
  resource: Attributes;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** OpenTelemetry's own. */
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_INTERVAL_MS = 5_000;

/**
 * What OpenTelemetry's own variables ask for; undefined where they name no endpoint. A variable for traces alone comes before the one for
 * everything. Throws an Error that names the variable which cannot be taken.
 */
export function traceSettings(environment: Environment): TraceSettings | undefined {
  const of = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const ofTraces = (name: string): string | undefined =>
    of(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? of(`OTEL_EXPORTER_OTLP_${name}`);
  const url = endpointIn(of);
  const isOff = of('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || of('OTEL_TRACES_EXPORTER') === 'none';
  if (url === undefined || isOff) return undefined;
  if (ofTraces('PROTOCOL') === 'grpc') {
    throw new Error(
      'OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not possible: name the port for HTTP, usually 4318, and http/json',
    );
  }
  const certificate = ofTraces('CERTIFICATE');
  return {
    url,
    headers: pairsIn('OTEL_EXPORTER_OTLP_HEADERS', ofTraces('HEADERS')),
    ca: certificate === undefined ? undefined : readFileSync(certificate, 'utf8'),
    timeoutMs: numberIn('OTEL_EXPORTER_OTLP_TIMEOUT', ofTraces('TIMEOUT'), DEFAULT_TIMEOUT_MS),
    intervalMs: numberIn('OTEL_BSP_SCHEDULE_DELAY', of('OTEL_BSP_SCHEDULE_DELAY'), DEFAULT_INTERVAL_MS),
    ratio: ratioIn(of),
    resource: {
      'service.name': 'coxswain-controller',
      'service.instance.id': hostname(),
      ...pairsIn('OTEL_RESOURCE_ATTRIBUTES', of('OTEL_RESOURCE_ATTRIBUTES')),
      ...nameIn(of('OTEL_SERVICE_NAME')),
    },
  };
}

type Lookup = (name: string) => string | undefined;

/** The endpoint for traces as it is; that for everything, with the path for traces. */
function endpointIn(of: Lookup): URL | undefined {
  const own = of('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (own !== undefined) return urlIn('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', own);
  const base = of('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (base === undefined) return undefined;
  const url = urlIn('OTEL_EXPORTER_OTLP_ENDPOINT', base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url;
}

function urlIn(variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new Error(`${variable} takes a URL such as http://collector.observability:4318, not ${JSON.stringify(text)}`);
}

/** `key=value` pairs, as in the header `baggage`: separated by commas, percent-encoded. What they say may be secret. */
function pairsIn(variable: string, text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair, index) => {
      const [, key = '', value = ''] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(pair) ?? [];
      if (key === '') throw new Error(`${variable} takes key=value pairs, which number ${index + 1} of it is not`);
      return [key, decoded(value.trim())];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function nameIn(name: string | undefined): Attributes {
  return name === undefined ? {} : { 'service.name': name };
}

function numberIn(variable: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${variable} takes a number above 0, not ${JSON.stringify(text)}`);
}

/** No trace begins elsewhere, so a sampler that looks at a parent is the one that it has for traces without one. */
function ratioIn(of: Lookup): number {
  const sampler = (of('OTEL_TRACES_SAMPLER') ?? 'always_on').replace(/^parentbased_/, '');
  if (sampler === 'always_on') return 1;
  if (sampler === 'always_off') return 0;
  if (sampler !== 'traceidratio') {
    throw new Error(
      'OTEL_TRACES_SAMPLER takes always_on, always_off or traceidratio, also with parentbased_ before it',
    );
  }
  const ratio = Number(of('OTEL_TRACES_SAMPLER_ARG') ?? '1');
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new Error('OTEL_TRACES_SAMPLER_ARG takes a number from 0 to 1');
}
