import { textAt } from '../json.ts';
import type { KubeObject } from '../types.ts';
import { wordsOf } from './verdict.ts';

/** `reason: message` of the newest Warning about `object`, such as the quota that forbids a StatefulSet its pods. */
export function lastWarning(object: KubeObject, events: readonly KubeObject[] = []): string | undefined {
  const newest = newestAbout(
    object,
    events.filter((event) => textAt(event, 'type') === 'Warning'),
  );
  return newest && wordsOf({ reason: textAt(newest, 'reason') ?? '', message: textAt(newest, 'message') ?? '' });
}

/** The reason of the newest event about `object`. */
export function lastReason(object: KubeObject, events: readonly KubeObject[] = []): string | undefined {
  return textAt(newestAbout(object, events), 'reason');
}

function newestAbout(object: KubeObject, events: readonly KubeObject[]): KubeObject | undefined {
  return events
    .filter((event) => textAt(event, 'involvedObject', 'uid') === object.metadata.uid)
    .reduce<KubeObject | undefined>((a, b) => (a && timeOf(a) > timeOf(b) ? a : b), undefined);
}

function timeOf(event: KubeObject): string {
  return textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime') ?? event.metadata.creationTimestamp ?? '';
}
