import { connect, type ApiResource } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import type { ControlPlane } from '../../control-plane/index.ts';

const RELEASES: ApiResource = {
  group: 'coxswain.dev',
  version: 'v1alpha1',
  kind: 'Release',
  plural: 'releases',
  namespaced: true,
  verbs: [],
};
const AT_ONCE = 16;
const HEALTHS = ['Green', 'Green', 'Green', 'Green', 'Green', 'Green', 'Green', 'Yellow', 'Red'] as const;

/** The name of the Release of this number. */
export const nameOfNumber = (number: number): string => `service-${String(number).padStart(4, '0')}`;

/**
 * Creates so many Releases, spread over namespaces that exist, with the status of one that is in force, as an administrator can: no
 * controller is to be at work. One in nine is Red, one Yellow.
 */
export async function manyReleases(
  { kubeconfig }: Pick<ControlPlane, 'kubeconfig'>,
  count: number,
  namespaces: readonly string[],
): Promise<void> {
  const client = await connect({ kubeconfig });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) {
      const namespace = namespaces[number % namespaces.length] ?? '';
      await client.create(RELEASES, releaseOf(namespace, number));
      await client.apply(RELEASES, statusOf(namespace, number), {
        fieldManager: 'test',
        force: true,
        subresource: 'status',
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await client.close();
}

function releaseOf(namespace: string, number: number): KubeObject & { spec: object } {
  return {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: nameOfNumber(number), namespace },
    spec: { chart: { registry: 'oci://registry.example/charts', name: `chart-${number % 20}`, version: '1.0.0' } },
  };
}

function statusOf(namespace: string, number: number): KubeObject & { status: object } {
  const health = HEALTHS[number % HEALTHS.length] ?? 'Green';
  const isGreen = health === 'Green';
  const lastTransitionTime = new Date(Date.now() - number * 60_000).toISOString();
  const message = isGreen ? 'all 3 objects are ready' : `Deployment/${nameOfNumber(number)}: 1 of 3 pods is not ready`;
  const conditions = [
    { type: 'Ready', status: isGreen ? 'True' : 'False', reason: isGreen ? 'Deployed' : 'Unhealthy', message },
    { type: 'Healthy', status: isGreen ? 'True' : 'False', reason: health, message },
  ].map((condition) => ({ ...condition, lastTransitionTime, observedGeneration: 1 }));
  return {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: nameOfNumber(number), namespace },
    status: { observedGeneration: 1, version: 1, health, message, conditions },
  };
}
