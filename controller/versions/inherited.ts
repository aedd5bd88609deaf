import type { InventoryEntry, ReleaseHistory } from '../../crds/index.ts';
import { refOf } from '../../resources/index.ts';
import {
  historyOfVersion,
  isFromHelm,
  isInherited,
  isOnlyPlanned,
  isOwnedBy,
  isUninstalled,
  lastBegunOf,
} from '../history/owned-versions.ts';
import type { VersionRecord } from '../../records/index.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import type { Observed } from '../pass/observed.ts';
import { inItsColour } from '../plan/strategies/colours.ts';
import type { RecordServices, VersionServices } from './services.ts';
import { targetVersionOf } from '../status/progress.ts';
import { recordIfIntact } from './recorded.ts';

/** Whether a version has been in force before, maybe under an earlier Release of this name: then the next one is an upgrade. */
export function wasEverInForce({ release, histories }: Pick<Observed, 'release' | 'histories'>): boolean {
  const isOfEarlier = (history: ReleaseHistory): boolean =>
    isInherited(history, release) && !isUninstalled(history) && !isOnlyPlanned(history);
  return release.status?.version !== undefined || histories.some(isOfEarlier);
}

/**
 * Whether this version has been in force, and came to its end: by the status or, for what was recorded before the Release began anything,
 * under Helm or an earlier Release of this name.
 */
export function wasCompleted(
  { release, histories }: Pick<Observed, 'release' | 'histories'>,
  version: number,
): boolean {
  const { status = {} } = release;
  const row = status.history?.find((one) => one.version === version);
  if (row) return !row.unfinished;
  const history = historyOfVersion({ histories }, version);
  if (!history || version >= lastBegunOf(status)) return false;
  return isFromHelm(history) || (isInherited(history, release) && !isOnlyPlanned(history));
}

/**
 * The objects of the versions that a Release inherited, as long as it has begun no operation. Any of them may be live, and then belongs to
 * the Release by its labels. Empty for any other Release. Throws KubeError.
 */
export async function inheritedInventory(
  services: RecordServices & Pick<VersionServices, 'discovery'>,
  observed: Observed,
): Promise<InventoryEntry[]> {
  const { release, histories } = observed;
  if (targetVersionOf(release.status) !== undefined) return [];
  const entries: InventoryEntry[] = [];
  for (const history of histories.filter((one) => isInherited(one, release) && isOwnedBy(one, release))) {
    for (const { object } of await objectsOf(services, observed, history)) {
      const resource = await services.discovery.resourceFor(object.apiVersion, object.kind);
      const { namespace: _, ...ref } = refOf(object);
      if (resource) entries.push(resource.namespaced ? { ...ref, namespace: release.metadata.namespace } : ref);
    }
  }
  return entries;
}

/** The objects of a version under the names that they have in the cluster; none where it cannot be read. */
async function objectsOf(
  services: RecordServices,
  observed: Observed,
  history: ReleaseHistory,
): Promise<VersionRecord['objects']> {
  const record = await recordIfIntact(services, observed, history);
  if (!record) return [];
  const { value } = await catchFailure(() => inItsColour(record, observed.release.metadata.namespace));
  return (value ?? record).objects;
}
