import { FINALIZER, VERSION_MANAGER, type Release } from '../../crds/index.ts';
import { isKubeError, type KubeClient } from '../../kube/index.ts';
import type { Observed } from '../pass/observed.ts';
import { RELEASES } from '../pass/resources.ts';
import type { DeployServices } from './services.ts';

/** Lets a Release go once nothing is left to do for it. It may be gone already. */
export async function releaseFinalizer(
  services: Pick<DeployServices, 'client' | 'releases' | 'log' | 'writes'>,
  { key, release }: Observed,
): Promise<void> {
  const { name, namespace } = release.metadata;
  const others = await withoutFinalizer(services.client, release);
  services.log('info', 'deleted', { release: key, ...services.writes.take(key) });
  // It is gone now: another pass on what the cache still has would only meet a 404.
  if (others.length === 0) services.releases.forget(namespace, name);
}

/** Removes the finalizer, even if somebody writes the Release meanwhile, and returns the other finalizers. */
async function withoutFinalizer(client: KubeClient, release: Release): Promise<string[]> {
  const { name, namespace, uid, resourceVersion, finalizers = [] } = release.metadata;
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  const patch = { metadata: { resourceVersion, finalizers: others } };
  try {
    await client.patchMerge(RELEASES, namespace, name, patch, { fieldManager: VERSION_MANAGER });
    return others;
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return [];
    if (!isKubeError(error, 'Conflict')) throw error;
  }
  const now = await client.list<Release>(RELEASES, namespace, { fieldSelector: `metadata.name=${name}` });
  const same = now.find(({ metadata }) => metadata.uid === uid);
  return same ? withoutFinalizer(client, same) : [];
}
