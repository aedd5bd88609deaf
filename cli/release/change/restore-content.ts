import type { Release, ReleaseHistory } from '../../../crds/index.ts';
import { contentDigest, contentOperations, isContentOf } from '../../../records/index.ts';
import { RELEASES, releaseOf, type Cluster } from '../../cluster.ts';
import { readRecorded } from '../recorded/record.ts';

/**
 * Whether a Release is at a version and only its content was edited since, which `spec.version` does not undo: it names that version
 * already. Content that a rollback left and somebody applies again asks for nothing, and does not count.
 */
export function isEditedSince({ spec, status }: Release, history: ReleaseHistory): boolean {
  const { version } = history.spec;
  const isThere = spec.version === version && status?.version === version;
  const digest = contentDigest(spec);
  return isThere && digest !== status?.leftContent && !isContentOf(digest, history);
}

/** Gives a Release the content of a version again. Throws CliError Unreadable, KubeError; Conflict if it was edited since it was read. */
export async function restoreContent(cluster: Cluster, release: Release, history: ReleaseHistory): Promise<Release> {
  const { content } = await readRecorded(cluster, history);
  const options = { fieldManager: 'kubectl-release' };
  return releaseOf(
    await cluster.client.patchJson(
      RELEASES,
      cluster.namespace,
      release.metadata.name,
      contentOperations(release, content),
      options,
    ),
  );
}
