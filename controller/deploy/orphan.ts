import { historyName, type Release, type ReleaseHistory } from '../../crds/index.ts';
import { isUnowned } from '../history/history.ts';
import { isKubeError, type KubeClient } from '../../kube/index.ts';
import { HISTORIES } from '../pass/resources.ts';

/** The finalizer by which the API server keeps what is deleted with `--cascade=orphan` until the garbage collector has freed what it owns. */
const ORPHAN = 'orphan';

/**
 * Whether a Release that is being deleted is to leave its children where they are. Where the garbage collector was faster, the
 * ReleaseHistory of the version in force tells: it has lost its owner. Throws KubeError.
 */
export async function leavesChildren(client: KubeClient, { metadata, status }: Release): Promise<boolean> {
  if (metadata.finalizers?.includes(ORPHAN)) return true;
  // Once objects are being deleted it is decided.
  if (status?.version === undefined || status.operation?.type === 'delete') return false;
  try {
    const name = historyName(metadata.name, status.version);
    return isUnowned(await client.get<ReleaseHistory>(HISTORIES, metadata.namespace, name));
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return false;
    throw error;
  }
}
