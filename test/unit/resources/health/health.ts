import { expect } from '@jest/globals';
import type { EventsAbout, EventText, Health, HealthColour, KubeObject } from '../../../../resources/index.ts';
import { object } from '../objects.ts';

/** Of the pods of a workload `web`. */
export const labels = { app: 'web' };
export const selector = { matchLabels: labels };

/** A pod of the Deployment `web`, or of the workload with the uid `w`, in namespace `shop`. */
export function pod(name: string, status: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject {
  const ownerReferences = [{ kind: 'ReplicaSet', name: 'web-1', uid: 'w', controller: true }];
  const all = { namespace: 'shop', labels, ownerReferences, ...metadata };
  return object(`Pod/${name}`, { status: { phase: 'Pending', ...status } }, all);
}

/** The status of a pod whose container waits for this reason. */
export const waiting = (
  reason: string,
  message = 'why',
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  containerStatuses: [{ name: 'app', ready: false, state: { waiting: { reason, message } }, ...more }],
});

/** The status of a pod whose container runs since then, after these restarts, and is ready or not. */
export const running = (
  startedAt: string,
  { restartCount = 0, ready: isReady = true, lastState = {} }: Record<string, unknown> = {},
): Record<string, unknown> => ({
  phase: 'Running',
  conditions: [{ ...condition('Ready', isReady === true ? 'True' : 'False'), lastTransitionTime: startedAt }],
  containerStatuses: [{ name: 'app', ready: isReady, restartCount, state: { running: { startedAt } }, lastState }],
});

/** The status of a pod that is ready. */
export const ready = {
  phase: 'Running',
  conditions: [condition('Ready', 'True')],
  containerStatuses: [{ name: 'app', ready: true }],
};

/** Expects a colour, and words in the message where there must be one; what is Green without words has none. */
export function expectHealth(health: Health, colour: HealthColour, ...words: string[]): void {
  expect(health.health).toBe(colour);
  for (const word of words) expect(health.message).toContain(word);
  if (colour === 'Green' && words.length === 0) expect(health).not.toHaveProperty('message');
}

/** A condition as Kubernetes writes it. */
export function condition(type: string, status: string, reason = '', message = ''): Record<string, string> {
  return { type, status, reason, message };
}

/** Events by the uid of what they are about, newest last. */
export function about(events: Record<string, EventText[]>): EventsAbout {
  return (uid) => events[uid ?? ''] ?? [];
}

export function warning(reason: string, message: string): EventText {
  return { type: 'Warning', reason, message };
}

export function normal(reason: string, message = ''): EventText {
  return { type: 'Normal', reason, message };
}
