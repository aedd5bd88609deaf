import type { Release, ReleaseHistory } from '../../crds/index.ts';
import { readHistory } from '../recorded/index.ts';
import { setInSpec, type Cluster } from '../releases/index.ts';
import { ClientError } from '../messages/index.ts';
import { isEditedSince, restoreContent } from './restore-content.ts';

/**
 * Asks for a version: by its number alone, if that makes the controller go back to its content; with a `generation`, as `setInSpec`. Throws
 * ClientError, KubeError.
 */
export async function goTo(
  cluster: Cluster,
  present: Release,
  version: number,
  history: ReleaseHistory | undefined,
  generation?: number,
): Promise<Release> {
  if (history && isEditedSince(present, history)) {
    try {
      return await restoreContent(cluster, present, history);
    } catch (cause) {
      // The controller may be faster than it seems.
      const mayDo = cause instanceof ClientError && cause.code === 'Unreadable' && present.spec.version !== version;
      if (!mayDo) throw cause;
    }
  }
  return setInSpec(cluster, present.metadata.name, { version }, generation);
}

/**
 * The history of a version; undefined for users who may not see it, but may go back anyway: the controller says whether it could. Throws
 * ClientError NotFound, naming those that exist, if no such version is recorded.
 */
export async function historyIfVisible(
  cluster: Cluster,
  name: string,
  version: number,
): Promise<ReleaseHistory | undefined> {
  const { isKubeError } = await import('../../kube/index.ts');
  try {
    return await readHistory(cluster, name, version);
  } catch (cause) {
    if (!isKubeError(cause, 'Forbidden')) throw cause;
    return undefined;
  }
}
