import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { RECONCILE_ANNOTATION, RERUN_HOOKS_ANNOTATION } from '../../crds/index.ts';
import type { Release, ReleaseSpec } from '../../crds/index.ts';
import { RELEASES, releaseOf, type Cluster } from './cluster.ts';
import type { KubeObject } from '../../resources/index.ts';
import { ClientError } from '../told/index.ts';

const MANAGER = { fieldManager: 'kubectl-release' };

/** Changes what a JSON merge patch names; throws KubeError. */
export async function editRelease({ client, namespace }: Cluster, name: string, patch: object): Promise<Release> {
  return releaseOf(await client.patchMerge(RELEASES, namespace, name, patch, MANAGER));
}

/** Has a Release left as it is, or ends that. Throws KubeError. */
export async function suspendRelease(cluster: Cluster, name: string, suspend: boolean): Promise<Release> {
  return editRelease(cluster, name, { spec: { suspend } });
}

/**
 * Has a Release reconciled now, its hooks too if they are meant. Throws ClientError NotReady for a suspended Release, which would not
 * answer; KubeError.
 */
export async function reconcileRelease(cluster: Cluster, present: Release, rerunHooks: boolean): Promise<Release> {
  const { name } = present.metadata;
  if (present.spec.suspend)
    throw new ClientError('NotReady', `release "${name}" is suspended: set spec.suspend to false`);
  const token = randomUUID();
  const hooks = rerunHooks ? { [RERUN_HOOKS_ANNOTATION]: token } : {};
  return editRelease(cluster, name, { metadata: { annotations: { [RECONCILE_ANNOTATION]: token, ...hooks } } });
}

/** The controller writes spec.version, and others may edit at the same moment. */
const MAX_ATTEMPTS = 5;

/** Replaces the spec of a Release by what `change` makes of it, anew where it is edited meanwhile. Throws what `change` throws; KubeError. */
export async function changeSpec(
  { client }: Cluster,
  present: Release,
  change: (spec: ReleaseSpec) => Promise<ReleaseSpec>,
): Promise<Release> {
  const { isKubeError } = await import('../../kube/index.ts');
  const { namespace, name } = present.metadata;
  for (let attempt = 1, release = present; ; attempt += 1) {
    const spec = await change(release.spec);
    if (isDeepStrictEqual(spec, release.spec)) return release;
    try {
      const desired = { ...release, spec } as unknown as KubeObject;
      return releaseOf(await client.replace(RELEASES, desired, MANAGER));
    } catch (error) {
      if (!isKubeError(error, 'Conflict') || attempt === MAX_ATTEMPTS) throw error;
      release = releaseOf(await client.get(RELEASES, namespace, name));
    }
  }
}
