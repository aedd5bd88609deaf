import type { HookStatus, InventoryEntry, ReleaseStatus, ResourceStatus } from '../../crds/index.ts';

/** How far a Release has come: the part of its status that the controller itself goes on from after a restart. */
export interface Progress {
  version: number | undefined;
  chart: ReleaseStatus['chart'];
  inputs: string | undefined;
  operation: NonNullable<ReleaseStatus['operation']> | undefined;
  hooks: HookStatus[];
  inventory: InventoryEntry[];
}

/** The progress that a status tells of. */
export function progressOf(status: ReleaseStatus | undefined): Progress {
  return {
    version: status?.version,
    chart: status?.chart,
    inputs: status?.inputs,
    operation: status?.operation,
    hooks: status?.hooks ?? [],
    inventory: (status?.resources ?? []).map(entryOf),
  };
}

function entryOf({ group, version, kind, namespace, name }: ResourceStatus): InventoryEntry {
  return { group, version, kind, ...(namespace === undefined ? {} : { namespace }), name };
}
