import type { Release, ReleaseHistory } from '../../../crds/index.ts';
import { contentDigest, isContentOf } from '../../../records/index.ts';

/**
 * Digest of the content that a Release has left once it is at the version of `chosen`, a rollback or a way back forward: of what others
 * wrote last, so that it asks for nothing if they write it again. Undefined where nothing was left. `inForce` is the version before.
 */
export function contentLeftFor(
  { spec, status = {} }: Release,
  chosen: ReleaseHistory,
  inForce: ReleaseHistory | undefined,
): string | undefined {
  const { leftContent, observedContent } = status;
  const now = contentDigest(spec);
  // The content may have been overwritten before the controller died.
  const seen = isContentOf(now, chosen) ? observedContent?.digest : now;
  const isOwnWrite = leftContent !== undefined && inForce !== undefined && isContentOf(seen, inForce);
  const written = isOwnWrite || isContentOf(seen, chosen) ? undefined : seen;
  const left = written ?? leftContent;
  return isContentOf(left, chosen) ? undefined : left;
}
