import { wordsOf, type EventsAbout } from './verdict.ts';

/** What a controller says that may not create the pods of a workload, as a ReplicaSet says by its condition ReplicaFailure. */
export const FAILED_CREATE = 'FailedCreate';

/** `reason: message` of the newest Warning about the object with this uid, such as the quota that forbids a StatefulSet its pods. */
export function lastWarning(uid: string | undefined, eventsAbout?: EventsAbout): string | undefined {
  const newest = eventsAbout?.(uid).findLast(({ type }) => type === 'Warning');
  return newest && wordsOf(newest);
}

/** The reason of the newest event about the object with this uid. */
export function lastReason(uid: string | undefined, eventsAbout?: EventsAbout): string | undefined {
  return eventsAbout?.(uid).at(-1)?.reason;
}
