import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { collectDefaultMetrics, Registry } from '@prometheus-io/client';
import { codeLabel } from './bounded-labels.ts';
import { counter, gauge, histogram } from './instruments.ts';
import type { Step } from '../pass/step.ts';
import type { RenderObserver } from './measured-sandbox.ts';
import { memoryMetrics } from './memory-metrics.ts';
import { PassMetrics } from './pass-metrics.ts';
import { PushTimes } from './push-times.ts';
import { phaseMetrics, releaseMetrics } from './release-metrics.ts';
import type { ReleaseTracker } from './release-tracker.ts';

/** All that the controller counts and measures of itself. */
export interface Metrics {
  passes: PassMetrics;
  releases: ReleaseTracker;
  renders: RenderObserver;
  pushes: PushTimes;
  /** A step of a pass over this key has ended. */
  onStep: (key: string, step: Step) => void;
  /** A request to the API server was answered; the code is 0 where it was not. */
  onApiRequest: (request: { method: string; code: number }) => void;
  /** A registry answered a request; the code is 0 where it did not. */
  onRegistryRequest: (request: { code: number; durationMs: number }) => void;
  /** What passes hold in memory is known here from now on. */
  followMemory: ReturnType<typeof memoryMetrics>;
  /** An attempt to send a notice ended. */
  onNotice: (end: NoticeEnd) => void;
  /** Spans were sent to a collector, or given up. */
  onSpans: (end: SpanEnd, count: number) => void;
  /** Everything in Prometheus' text format, at most a second old: asking often costs no more than asking once a second. */
  text: () => Promise<string>;
  contentType: string;
}

/** How an attempt to send a notice can end: it has arrived, is tried again, or is given up. */
const NOTICE_ENDS = ['sent', 'retried', 'failed'] as const;
type NoticeEnd = (typeof NOTICE_ENDS)[number];

/** How a span of a trace can end. */
const SPAN_ENDS = ['sent', 'dropped'] as const;
type SpanEnd = (typeof SPAN_ENDS)[number];

/** How the process works that the metrics are about. */
export interface MeasuredProcess {
  workers: number;
  /** Whether it holds the lease, or needs none. */
  isLeader: () => boolean;
}

const REQUEST_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const TEXT_LASTS_MS = 1_000;

/** Begins to count and to measure; once for each process. */
export function createMetrics({ workers, isLeader }: MeasuredProcess): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  gauge(registry, BUILD, () => [[{ version: ownVersion() }, 1]], ['version']);
  gauge(registry, HEAP_LIMIT, () => [[{}, getHeapStatistics().heap_size_limit]]);
  gauge(registry, LEADER, () => [[{ name: 'coxswain-controller' }, isLeader() ? 1 : 0]], ['name']);
  const apiRequests = counter(registry, API_REQUESTS, ['method', 'code']);
  const registryRequests = counter(registry, REGISTRY_REQUESTS, ['code']);
  const registrySeconds = histogram(registry, REGISTRY_SECONDS, REQUEST_BUCKETS);
  const stopped = counter(registry, STOPPED, ['limit']);
  const notices = counter(registry, NOTICES, ['end']);
  const spans = counter(registry, SPANS, ['end']);
  const observe = phaseMetrics(registry);
  const pushes = new PushTimes((seconds) => observe('push', seconds));
  for (const end of SPAN_ENDS) spans.inc({ end }, 0);
  for (const end of NOTICE_ENDS) notices.inc({ end }, 0);
  for (const limit of ['timeoutMs', 'memoryMb', 'outputBytes']) stopped.inc({ limit }, 0);
  return {
    passes: new PassMetrics(registry, workers),
    releases: releaseMetrics(registry, observe),
    renders: {
      rendered: (seconds) => observe('render', seconds),
      stopped: (limit) => stopped.inc({ limit }),
    },
    pushes,
    onStep: (key, { name, beganAt, endedAt, error }) => {
      if (error !== undefined) return;
      if (name === 'resolve' || name === 'pull') observe(name, (endedAt - beganAt) / 1000);
      if (name === 'record') pushes.recorded(key, endedAt);
    },
    onApiRequest: ({ method, code }) => apiRequests.inc({ method, code: codeLabel(code) }),
    onRegistryRequest: ({ code, durationMs }) => {
      registryRequests.inc({ code: codeLabel(code) });
      registrySeconds.observe(durationMs / 1000);
    },
    followMemory: memoryMetrics(registry),
    onNotice: (end) => notices.inc({ end }),
    onSpans: (end, count) => spans.inc({ end }, count),
    text: lasting(TEXT_LASTS_MS, () => registry.metrics()),
    contentType: registry.contentType,
  };
}

const BUILD = ['coxswain_build_info', 'The version of the controller'] as const;
const HEAP_LIMIT = ['coxswain_heap_limit_bytes', 'The size at which the heap is full'] as const;
const LEADER = ['leader_election_master_status', 'Whether this replica is at work'] as const;
const API_REQUESTS = ['rest_client_requests_total', 'Requests to the API server, by method and answer'] as const;
const REGISTRY_REQUESTS = ['coxswain_registry_requests_total', 'Requests to registries, by answer'] as const;
const REGISTRY_SECONDS = [
  'coxswain_registry_request_duration_seconds',
  'How long registries took to begin their answers',
] as const;
const NOTICES = ['coxswain_notices_total', 'Attempts to send a notice to a receiver, by how they ended'] as const;
const SPANS = ['coxswain_trace_spans_total', 'Spans of traces, by whether they were sent to the collector'] as const;
const STOPPED = ['coxswain_charts_stopped_total', 'Charts that exceeded a limit, by limit'] as const;

/** What `make` returns, made again once it is older; whoever asks meanwhile waits for the same. */
function lasting<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  let madeAt = -Infinity;
  return () => {
    if (made === undefined || performance.now() - madeAt > ms) {
      made = make();
      madeAt = performance.now();
    }
    return made;
  };
}

function ownVersion(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) return 'unknown';
  return (JSON.parse(readFileSync(path, 'utf8')) as { version?: string }).version ?? 'unknown';
}
