import { VERSION_MANAGER, type Release, type ReleaseStatus } from '../../crds/index.ts';
import type { KubeMetadata } from '../../resources/index.ts';
import { contentDigest } from '../../records/index.ts';

/** What to remember of the content that the spec has now, and which version was asked for together with it. */
export function observedContentOf(release: Release): NonNullable<ReleaseStatus['observedContent']> {
  const asked = askedVersion(release);
  const digest = contentDigest(release.spec);
  const before = release.status?.observedContent;
  if (before?.digest !== digest) return asked === undefined ? { digest } : { digest, besideVersion: asked };
  return before.besideVersion === asked ? before : { digest };
}

/** What somebody else set `spec.version` to: a value that the controller itself applied asks for nothing. */
export function askedVersion({ metadata, spec }: Release): number | undefined {
  const { managedFields = [] } = metadata as KubeMetadata;
  const isClaim = managedFields.some(
    ({ manager, operation, fieldsV1 }) =>
      manager === VERSION_MANAGER && operation === 'Apply' && fieldsV1?.['f:spec']?.['f:version'] !== undefined,
  );
  return isClaim ? undefined : spec.version;
}
