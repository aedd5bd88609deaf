import type { Release, ReleaseHistory } from '../../crds/index.ts';
import type { Informer, KubeClient } from '../../kube/index.ts';
import { readVersions, wereOrphaned } from '../history/owned-versions.ts';

/** The finalizer by which the API server keeps what is deleted with `--cascade=orphan` until the garbage collector has freed what it owns. */
const ORPHAN = 'orphan';

/**
 * Whether a Release that is being deleted is to leave its remaining children in place: its spec says so, it has the finalizer or, if the garbage collector
 * was faster, its versions have lost their owner. Before anything is deleted, the API server is asked, because the cache may lag behind.
 * Throws KubeError.
 */
export async function orphansChildren(
  client: KubeClient,
  histories: Pick<Informer<ReleaseHistory>, 'list'>,
  release: Release,
): Promise<boolean> {
  const { finalizers = [], namespace } = release.metadata;
  if (finalizers.includes(ORPHAN) || release.spec.uninstall?.orphan) return true;
  const isBegun = release.status?.operation?.type === 'Delete';
  return wereOrphaned(isBegun ? histories.list(namespace) : await readVersions(client, release), release);
}
