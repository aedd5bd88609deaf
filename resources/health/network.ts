import { listAt, textAt } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import { lastWarning } from './events.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { GREEN, yellow } from './verdict.ts';

/** Service: one of type LoadBalancer has an address, assigned or its own; every other type is Green as soon as it exists. */
export function serviceHealth(service: KubeObject, { eventsAbout }: HealthContext): Verdict {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return GREEN;
  const addresses = [
    ...listAt(service, 'status', 'loadBalancer', 'ingress'),
    ...listAt(service, 'spec', 'externalIPs'),
  ];
  return addresses.length > 0
    ? GREEN
    : yellow(lastWarning(service.metadata.uid, eventsAbout) ?? 'is waiting for a load balancer');
}
