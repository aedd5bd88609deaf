import type { InventoryEntry } from '../../crds/index.ts';
import { refOf } from '../../resources/index.ts';
import { isInherited, isOwnedBy } from '../history/owned-versions.ts';
import type { Context, Pass } from '../pass/context.ts';
import { targetVersionOf } from '../status/progress.ts';
import { readable } from './recorded.ts';

/** Whether a version of the Release has been in force, maybe under a Release before it: what comes is an upgrade. */
export function goesOn({ release, histories }: Pick<Pass, 'release' | 'histories'>): boolean {
  return release.status?.version !== undefined || histories.some((history) => isInherited(history, release));
}

/**
 * The objects of the versions that a Release took over and has begun nothing with: any of them may be live, and is the Release's then by
 * its marks. Empty for any other Release. Throws KubeError.
 */
export async function inheritedInventory(context: Context, pass: Pass): Promise<InventoryEntry[]> {
  const { release, histories } = pass;
  if (targetVersionOf(release.status) !== undefined) return [];
  const entries: InventoryEntry[] = [];
  for (const history of histories.filter((one) => isInherited(one, release) && isOwnedBy(one, release))) {
    for (const { object } of (await readable(context, pass, history))?.objects ?? []) {
      const resource = await context.discovery.resourceFor(object.apiVersion, object.kind);
      const { namespace: _, ...ref } = refOf(object);
      if (resource) entries.push(resource.namespaced ? { ...ref, namespace: release.metadata.namespace } : ref);
    }
  }
  return entries;
}
