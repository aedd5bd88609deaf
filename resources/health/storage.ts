import { textAt } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import { lastEvent } from './events.ts';
import { createdSince, redIfItLasts } from './lasting.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { GREEN, reasonAndMessage, red, yellow } from './verdict.ts';

/** Reasons of Events by which it is said that there is no volume for a claim. */
const REFUSED = new Set(['ProvisioningFailed', 'FailedBinding']);
/** Those by which it is said what a claim waits for. */
const AWAITED = new Set(['ExternalProvisioning', 'Provisioning', 'WaitForPodScheduled']);

/** PersistentVolumeClaim: bound, or waiting for a pod that uses it, as its storage class wants. */
export function claimHealth(claim: KubeObject, context: HealthContext): Verdict {
  switch (textAt(claim, 'status', 'phase') ?? 'Pending') {
    case 'Bound':
      return GREEN;
    case 'Lost':
      return red('the volume behind it is lost');
    default:
      return pendingHealth(claim, context);
  }
}

function pendingHealth(claim: KubeObject, context: HealthContext): Verdict {
  const newest = lastEvent(claim.metadata.uid, context.eventsAbout);
  const waiting = 'is waiting for a volume';
  if (newest === undefined) return yellow(waiting);
  if (newest.reason === 'WaitForFirstConsumer') return GREEN;
  const words = reasonAndMessage(newest);
  if (REFUSED.has(newest.reason)) return redIfItLasts(words, createdSince(claim), context);
  return yellow(newest.type === 'Warning' ? words : AWAITED.has(newest.reason) ? `${waiting}: ${words}` : waiting);
}
