import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { Log } from '../pass/log.ts';
import { SERVICE_CIDRS } from '../pass/resources.ts';

/**
 * The ranges (CIDRs) from which the cluster's Services have their addresses, and the API server's own Service; the latter alone, with a
 * warning, in a cluster that does not publish its ranges. Throws KubeError where the API server is out of reach.
 */
export async function serviceAddresses(
  client: KubeClient,
  env: { KUBERNETES_SERVICE_HOST?: string },
  log: Log,
): Promise<string[]> {
  const own = env.KUBERNETES_SERVICE_HOST ?? '';
  return [...(own === '' ? [] : [own]), ...(await serviceRanges(client, log))];
}

async function serviceRanges(client: KubeClient, log: Log): Promise<string[]> {
  try {
    const ranges = await client.list(SERVICE_CIDRS, undefined);
    return ranges.flatMap(cidrsOf);
  } catch (error) {
    if (!isKubeError(error, 'NotFound') && !isKubeError(error, 'Forbidden')) throw error;
    log('warn', 'the addresses of Services are not known: pass them with --refuse-registry-address', {
      error: error.message,
    });
    return [];
  }
}

function cidrsOf(range: KubeObject): string[] {
  return (range['spec'] as { cidrs?: string[] } | undefined)?.cidrs ?? [];
}
