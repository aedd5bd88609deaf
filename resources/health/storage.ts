import { textAt } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import { lastReason, lastWarning } from './events.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { GREEN, red, yellow } from './verdict.ts';

/** PersistentVolumeClaim: bound, or waiting for a pod that uses it, as its storage class wants. */
export function claimHealth(claim: KubeObject, { eventsAbout }: HealthContext): Verdict {
  switch (textAt(claim, 'status', 'phase') ?? 'Pending') {
    case 'Bound':
      return GREEN;
    case 'Lost':
      return red('the volume behind it is lost');
    default:
      if (lastReason(claim.metadata.uid, eventsAbout) === 'WaitForFirstConsumer') return GREEN;
      return yellow(lastWarning(claim.metadata.uid, eventsAbout) ?? 'is waiting for a volume');
  }
}
