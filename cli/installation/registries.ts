import { conditionOf, type Release } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import { RELEASES, releaseOf, type Cluster } from '../cluster.ts';
import { counted } from '../words/counted.ts';
import type { Finding } from './finding.ts';

const REASONS: readonly string[] = ['RegistryUnavailable', 'RegistryUnauthorized', 'RegistryRefused'];

/** Whether the controller gets charts from the registries that the namespace's Releases name. Throws KubeError. */
export async function registries({ client, namespace }: Cluster): Promise<Finding[]> {
  try {
    return registryFindings((await client.list(RELEASES, namespace)).map(releaseOf));
  } catch (error) {
    if (isKubeError(error, 'NotServed')) return [];
    if (!isKubeError(error, 'Forbidden')) throw error;
    return [{ what: 'registries', verdict: 'unknown', detail: 'you may not list the releases that name them' }];
  }
}

/** A finding for each registry: as the controller told of those that need it, since nobody else reaches it from where it runs. */
export function registryFindings(releases: readonly Release[]): Finding[] {
  const byRegistry = Map.groupBy(releases, ({ spec }) => spec.chart.registry);
  return [...byRegistry].flatMap(([registry, users]) => (registry === undefined ? [] : [findingOf(registry, users)]));
}

function findingOf(registry: string, users: readonly Release[]): Finding {
  const what = 'registry';
  const failed = users.find(({ status }) => REASONS.includes(conditionOf(status, 'Ready')?.reason ?? ''));
  if (failed === undefined)
    return { what, verdict: 'ok', detail: `${registry}, of ${counted(users.length, 'release')}` };
  const { name, namespace } = failed.metadata;
  const { reason, message } = conditionOf(failed.status, 'Ready') ?? {};
  const next = `see what "${name}" waits for: kubectl release status ${name} -n ${namespace}`;
  return { what, verdict: 'wrong', detail: `${registry}: ${reason}: ${message}`, next };
}
