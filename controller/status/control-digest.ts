import type { ReleaseSpec } from '../../crds/index.ts';
import { digestOfJson } from '../../resources/index.ts';

/** Digest of the control fields that decide how a change is made. */
export function controlDigest(spec: ReleaseSpec): string {
  const { serviceAccountName, hooks, tests, strategy, adopt, ignore, crds, recreate, allowRecreate } = spec;
  // Where neither tests nor checks are named, the digest is what it was before they could be.
  const more = [tests, strategy?.checks].filter((field) => field !== undefined);
  return digestOfJson([serviceAccountName, hooks, adopt, ignore ?? [], crds, recreate, allowRecreate ?? [], ...more]);
}
