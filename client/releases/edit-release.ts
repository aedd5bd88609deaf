import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { RECONCILE_ANNOTATION, RERUN_HOOKS_ANNOTATION } from '../../crds/index.ts';
import type { Release, ReleaseSpec } from '../../crds/index.ts';
import { RELEASES, releaseOf, type Cluster } from './cluster.ts';
import type { KubeObject } from '../../resources/index.ts';
import { ClientError } from '../messages/index.ts';

const MANAGER = { fieldManager: 'kubectl-release' };

/** Changes what a JSON merge patch names; throws KubeError. */
async function editRelease({ client, namespace }: Cluster, name: string, patch: object): Promise<Release> {
  return releaseOf(await client.patchMerge(RELEASES, namespace, name, patch, MANAGER));
}

/**
 * Sets fields of a spec. With the `generation` of the spec that was seen, nothing is changed if it has another one by now: throws KubeError
 * Conflict. Throws KubeError.
 */
export async function setInSpec(
  cluster: Cluster,
  name: string,
  fields: Partial<ReleaseSpec>,
  generation?: number,
): Promise<Release> {
  if (generation === undefined) return editRelease(cluster, name, { spec: fields });
  const { client, namespace } = cluster;
  const { isKubeError, KubeError } = await import('../../kube/index.ts');
  const test = { op: 'test', path: '/metadata/generation', value: generation } as const;
  const operations = Object.entries(fields).map(
    ([field, value]) => ({ op: 'add', path: `/spec/${field}`, value }) as const,
  );
  try {
    return releaseOf(await client.patchJson(RELEASES, namespace, name, [test, ...operations], MANAGER));
  } catch (cause) {
    // The API server does not say which part of a patch it refuses.
    if (!isKubeError(cause, 'Invalid')) throw cause;
    const now = releaseOf(await client.get(RELEASES, namespace, name));
    if (now.metadata.generation === generation) throw cause;
    throw new KubeError('Conflict', `release "${name}" was edited since it was shown`, { status: 409, cause });
  }
}

/** Suspends a Release, or resumes it; with a `generation`, as `setInSpec`. Throws KubeError. */
export async function suspendRelease(
  cluster: Cluster,
  name: string,
  suspend: boolean,
  generation?: number,
): Promise<Release> {
  return setInSpec(cluster, name, { suspend }, generation);
}

/**
 * Asks for a Release to be reconciled now, and for its hooks too if they are meant. Throws ClientError NotReady for a suspended Release,
 * which would not answer; KubeError.
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

/**
 * Replaces the spec of a Release by what `change` makes of it, and again if it is written meanwhile. Throws what `change` throws;
 * KubeError.
 */
export async function changeSpec(
  { client }: Cluster,
  present: Release,
  change: (spec: ReleaseSpec, release: Release) => Promise<ReleaseSpec>,
): Promise<Release> {
  const { isKubeError } = await import('../../kube/index.ts');
  const { namespace, name } = present.metadata;
  for (let attempt = 1, release = present; ; attempt += 1) {
    const spec = await change(release.spec, release);
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
