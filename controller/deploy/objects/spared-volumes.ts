import { titleOf, type ObjectRef, type Plan } from '../../../resources/index.ts';
import type { Release } from '../../../crds/index.ts';
import { isUnaskedRollback } from '../../status/failed-version.ts';
import type { ApplyServices } from '../services.ts';

const VOLUMES: readonly string[] = ['PersistentVolumeClaim', 'PersistentVolume'];

/**
 * The plan without the volumes, and claims of volumes, that a rollback which nobody asked for would delete, as only the version that failed
 * has them; these are `spared`. Any other plan stays whole.
 */
export function sparingVolumes(release: Release, plan: Plan): { plan: Plan; spared: ObjectRef[] } {
  if (!isUnaskedRollback(release)) return { plan, spared: [] };
  const spared = plan.writes.filter(({ type, ref }) => type === 'delete' && isVolume(ref));
  return {
    plan: { ...plan, writes: plan.writes.filter((write) => !spared.includes(write)) },
    spared: spared.map(({ ref }) => ref),
  };
}

function isVolume({ group, kind }: ObjectRef): boolean {
  return group === '' && VOLUMES.includes(kind);
}

/** Says which volumes are left, once nothing but the event mentions them. */
export function announceSpared(
  { events }: Pick<ApplyServices, 'events'>,
  release: Release,
  spared: readonly ObjectRef[],
): void {
  for (const ref of spared) {
    const message = `${titleOf(ref)}: kept, as only version ${release.status?.rolledBack?.version} has it, which failed; no later version deletes it: delete it yourself if its data are not needed`;
    events.record({ object: release, type: 'Warning', reason: 'VolumeKept', message });
  }
}
