import type { Release, ReleaseHistory } from '../../crds/index.ts';
import { contentDigest, contentOperations, isContentOf } from '../../records/index.ts';
import { RELEASES, releaseOf, type Cluster } from '../releases/index.ts';
import { readRecorded } from '../recorded/index.ts';

/**
 * Whether an edit of `spec.version` alone would not bring a Release to the content of a version: it names the version already, or the
 * controller has not seen an edit of the content yet, and would take both for one. Content that a rollback left and somebody applies again
 * asks for nothing, and does not count.
 */
export function isEditedSince(release: Release, history: ReleaseHistory): boolean {
  const { metadata, spec, status = {} } = release;
  const digest = contentDigest(spec);
  if (digest === status.leftContent || isContentOf(digest, history)) return false;
  if (spec.version === history.spec.version) return status.version === spec.version || isConflict(release);
  return status.observedGeneration !== metadata.generation && status.observedContent?.digest !== digest;
}

function isConflict({ status }: Release): boolean {
  return status?.conditions?.some(({ reason }) => reason === 'VersionConflict') ?? false;
}

/**
 * Sets `spec.version` and the content of that version, in one edit. Throws ClientError Unreadable, KubeError; Conflict if it was edited since it was read.
 */
export async function restoreContent(cluster: Cluster, release: Release, history: ReleaseHistory): Promise<Release> {
  const { content } = await readRecorded(cluster, history);
  const options = { fieldManager: 'kubectl-release' };
  const version = { op: 'add', path: '/spec/version', value: history.spec.version } as const;
  return releaseOf(
    await cluster.client.patchJson(
      RELEASES,
      cluster.namespace,
      release.metadata.name,
      [...contentOperations(release, content), version],
      options,
    ),
  );
}
