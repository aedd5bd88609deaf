import { reasonAndMessage, type EventsAbout } from './verdict.ts';

/** The reason of the Event of a controller that may not create a workload's pods; a ReplicaSet says so by its condition ReplicaFailure. */
export const FAILED_CREATE = 'FailedCreate';

/**
 * `reason: message` of the newest Warning about the object with this uid, such as that a quota keeps a StatefulSet from creating its
 * pods.
 */
export function lastWarning(uid: string | undefined, eventsAbout?: EventsAbout): string | undefined {
  const newest = eventsAbout?.(uid).findLast(({ type }) => type === 'Warning');
  return newest && reasonAndMessage(newest);
}

/** The reason of the newest event about the object with this uid. */
export function lastReason(uid: string | undefined, eventsAbout?: EventsAbout): string | undefined {
  return eventsAbout?.(uid).at(-1)?.reason;
}
