import type { KubeObject } from './types.ts';
import { mapAt } from './json.ts';

/** The field manager under which the HorizontalPodAutoscaler controller writes. */
const AUTOSCALER = 'kube-controller-manager';

/**
 * `desired` without `spec.replicas` where an autoscaler set the live ones: the number is then the autoscaler's, neither drift nor
 * ours to send. The digest annotation stays as it is, so that the autoscaler's coming and going changes nothing.
 */
export function withoutForeignScale(desired: KubeObject, live: KubeObject): KubeObject {
  if (!isAutoscaled(live)) return desired;
  const { replicas: _, ...spec } = mapAt(desired, 'spec');
  return { ...desired, spec };
}

function isAutoscaled(live: KubeObject): boolean {
  return (live.metadata.managedFields ?? []).some(
    ({ manager, subresource, fieldsV1 }) =>
      manager === AUTOSCALER && subresource === 'scale' && fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
  );
}
