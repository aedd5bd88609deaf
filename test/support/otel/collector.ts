import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinaries } from '../../control-plane/binaries/binaries.ts';
import { findFreePort } from '../../control-plane/processes/ports.ts';
import { eventually } from '../eventually.ts';
import { tethered } from '../processes/tethered.ts';

/** A span as the Collector has read it; times are milliseconds since the epoch. */
export type SeenSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly beganAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  /** The message of its status, where that is an error. */
  readonly error?: string | undefined;
  readonly links: readonly { traceId: string; spanId: string }[];
};

/** The OpenTelemetry Collector's receiver at work. */
export type Collector = {
  readonly endpoint: string;
  spans(): Promise<SeenSpan[]>;
  stop(): Promise<void>;
};

type KeyValue = { key: string; value: Record<string, unknown> };
type RawSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
  status?: { code?: number; message?: string };
  links?: { traceId: string; spanId: string }[];
};
type Request = {
  resourceSpans?: { resource?: { attributes?: KeyValue[] }; scopeSpans: { spans: RawSpan[] }[] }[];
};

/** Starts a receiver on a free port and resolves when it is ready. */
export async function startCollector(): Promise<Collector> {
  const { 'otlp-receiver': program } = await ensureBinaries(['otlp-receiver']);
  const directory = await mkdtemp(join(tmpdir(), 'otlp-'));
  const output = join(directory, 'output');
  const address = `127.0.0.1:${await findFreePort()}`;
  const running = await tethered(output, [program, address], {});
  const lines = async (): Promise<string[]> => (await readFile(output, 'utf8')).split('\n').slice(0, -1);
  await eventually(lines, (seen) => seen.includes('ready'));
  return {
    endpoint: `http://${address}`,
    spans: async () => (await lines()).filter((line) => line.startsWith('{')).flatMap(spansIn),
    stop: async () => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function spansIn(line: string): SeenSpan[] {
  const { resourceSpans = [] } = JSON.parse(line) as Request;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => seen(span, attributesIn(resource?.attributes)))),
  );
}

function seen(span: RawSpan, resource: SeenSpan['resource']): SeenSpan {
  const { traceId, spanId, parentSpanId = '', name, status, links = [] } = span;
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    beganAt: millisecondsIn(span.startTimeUnixNano),
    endedAt: millisecondsIn(span.endTimeUnixNano),
    attributes: attributesIn(span.attributes),
    resource,
    error: status?.code === 2 ? status.message : undefined,
    links,
  };
}

function millisecondsIn(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000_000n);
}

function attributesIn(pairs: readonly KeyValue[] = []): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
}
