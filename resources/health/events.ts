import { reasonAndMessage, type EventsAbout, type EventText } from './verdict.ts';

/** The reason of the Event of a controller that may not create a workload's pods; a ReplicaSet says so by its condition ReplicaFailure. */
export const FAILED_CREATE = 'FailedCreate';

/**
 * `reason: message` of the newest Warning about the object with this uid, such as that a quota keeps a StatefulSet from creating its
 * pods.
 */
export function lastWarning(uid: string | undefined, eventsAbout?: EventsAbout): string | undefined {
  const newest = eventsAbout?.(uid).findLast(({ type }) => type === 'Warning');
  return newest && withoutGeneratedName(reasonAndMessage(newest));
}

/**
 * What a controller says of the pods that it may not create, without the name that it generates anew for each attempt: the cause stays the
 * same. Kubernetes 1.34 writes `create Pod`.
 */
export function withoutGeneratedName(words: string): string {
  return words.replace(
    /(Error creating: |[Cc]reate Pod \S{1,253} in StatefulSet \S{1,253} failed error: )?pods "[^"]{1,253}" is forbidden: /,
    '',
  );
}

/** The newest event about the object with this uid. */
export function lastEvent(uid: string | undefined, eventsAbout?: EventsAbout): EventText | undefined {
  return eventsAbout?.(uid).at(-1);
}
