import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../../resources/index.ts';
import type { ApiResource } from '../api-resource.ts';
import type { KubeClient } from '../client.ts';
import { isKubeError } from '../errors.ts';
import type { EventSeries, ObjectEvent } from './event-series.ts';
import { SeriesTracker } from './event-series.ts';

/** Who records events, and what becomes of failures. */
export interface EventRecorderOptions {
  controller: string;
  /** Told of each event that could not be sent; must not throw. */
  onError?: (error: unknown) => void;
}

/** Records events in the background; it loses an event rather than make a caller wait or fail. */
export interface EventRecorder<Reason extends string = string> {
  record(event: ObjectEvent<Reason>): void;
  /** Resolves when all that was recorded so far is sent or lost. */
  flush(): Promise<void>;
}

/** Events of one namespace that may wait to be sent. */
const MAX_WAITING = 200;

const EVENTS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  verbs: [],
};

/**
 * A recorder that sends one request at a time, and for repeats of an event a count (see SeriesTracker). Namespaces take turns; a
 * namespace loses events only where it has too many itself.
 */
export function eventRecorder(client: KubeClient, options: EventRecorderOptions): EventRecorder {
  const tracker = new SeriesTracker();
  /** What waits to be sent, by namespace, in the order of turns. */
  const queue = new Map<string, Set<EventSeries>>();
  let sending: Promise<void> = Promise.resolve();
  let isSending = false;

  const sendAll = async (): Promise<void> => {
    for (const [namespace, waiting] of queue) {
      queue.delete(namespace);
      const [series] = waiting;
      if (series === undefined) continue;
      waiting.delete(series);
      queue.set(namespace, waiting);
      await send(client, options.controller, series).catch((error: unknown) => options.onError?.(error));
    }
    isSending = false;
  };

  return {
    record(event) {
      const series = tracker.track(event, Date.now());
      // A series in the queue is sent with the count it has by then.
      if (series === undefined) return;
      const namespace = namespaceOf(event);
      const waiting = queue.get(namespace) ?? new Set<EventSeries>();
      if (waiting.size >= MAX_WAITING) return;
      queue.set(namespace, waiting.add(series));
      if (isSending) return;
      isSending = true;
      sending = sendAll();
    },
    flush: () => sending,
  };
}

async function send(client: KubeClient, controller: string, series: EventSeries): Promise<void> {
  if (series.name !== undefined && (await countUp(client, series, series.name))) return;
  const created = await client.create<KubeObject>(EVENTS, eventObject(controller, series));
  series.name = created.metadata.name;
}

/** False where the Event has expired meanwhile. */
async function countUp(client: KubeClient, series: EventSeries, name: string): Promise<boolean> {
  const { count, event, lastAtMs } = series;
  const patch = { count, message: event.message, lastTimestamp: timestamp(lastAtMs) };
  try {
    await client.patchMerge(EVENTS, namespaceOf(event), name, patch);
    return true;
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return false;
    throw error;
  }
}

function eventObject(controller: string, { event, count, firstAtMs, lastAtMs }: EventSeries): KubeObject {
  const { apiVersion, kind, metadata } = event.object;
  const { name, namespace, uid, resourceVersion } = metadata;
  // The API could generate the name, but then the Event could not be recognised after a lost answer.
  const eventName = `${name.slice(0, 230)}.${randomBytes(8).toString('hex')}`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName, namespace: namespaceOf(event) },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    type: event.type,
    reason: event.reason,
    message: event.message,
    count,
    firstTimestamp: timestamp(firstAtMs),
    lastTimestamp: timestamp(lastAtMs),
    source: { component: controller },
    reportingComponent: controller,
  };
}

/** Events of cluster-scoped objects go to `default`, where kubectl looks for them. */
function namespaceOf({ object }: ObjectEvent): string {
  return object.metadata.namespace ?? 'default';
}

function timestamp(unixMs: number): string {
  return new Date(unixMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
