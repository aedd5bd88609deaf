import { listAt, textAt, valueAt } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import { lastWarning } from './events.ts';
import { createdSince, redIfItLasts } from './lasting.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { green, GREEN, yellow } from './verdict.ts';

/** Service: one of type LoadBalancer has an address, assigned or its own; every other type is Green as soon as it exists. */
export function serviceHealth(service: KubeObject, context: HealthContext): Verdict {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return GREEN;
  const addresses = [...addressesOf(service), ...listAt(service, 'spec', 'externalIPs')];
  if (addresses.length > 0) return GREEN;
  const warning = lastWarning(service.metadata.uid, context.eventsAbout);
  return warning === undefined
    ? yellow('is waiting for a load balancer')
    : redIfItLasts(`has no load balancer: ${warning}`, createdSince(service), context);
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/**
 * Ingress: Green as soon as it exists, since many controllers report nothing; one that names no class and that none has taken is reported.
 */
export function ingressHealth(ingress: KubeObject): Verdict {
  const className = valueAt(ingress, 'spec', 'ingressClassName') ?? ingress.metadata.annotations?.[CLASS_ANNOTATION];
  if (className !== undefined || addressesOf(ingress).length > 0) return GREEN;
  return green('names no ingress class, the cluster has no default one, and no controller has given it an address');
}

function addressesOf(object: KubeObject): unknown[] {
  return listAt(object, 'status', 'loadBalancer', 'ingress');
}
