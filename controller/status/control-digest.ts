import type { ReleaseSpec } from '../../crds/index.ts';
import { digestOfJson } from '../../resources/index.ts';

/** Digest of the control fields that decide how a change is made. */
export function controlDigest(spec: ReleaseSpec): string {
  const { serviceAccountName, hooks, adopt, ignore, crds, recreate, allowRecreate } = spec;
  return digestOfJson([serviceAccountName, hooks, adopt, ignore ?? [], crds, recreate, allowRecreate ?? []]);
}
