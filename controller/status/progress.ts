import { keyOf } from '../../resources/index.ts';
import type { Finished, HookStatus, InventoryEntry, ReleaseStatus, ResourceStatus } from '../../crds/index.ts';

/** How far a Release has come: the part of its status that the controller itself goes on from after a restart. */
export interface Progress {
  version: number | undefined;
  chart: ReleaseStatus['chart'];
  inputs: string | undefined;
  operation: NonNullable<ReleaseStatus['operation']> | undefined;
  hooks: HookStatus[];
  inventory: InventoryEntry[];
  /** By key, the work that is done. */
  finished: ReadonlyMap<string, Finished>;
}

/** The progress that a status tells of. */
export function progressOf(status: ReleaseStatus = {}): Progress {
  const { version, chart, inputs, operation, hooks = [], resources = [] } = status;
  return {
    version,
    chart,
    inputs,
    operation,
    hooks,
    inventory: resources.map(entryOf),
    finished: new Map(resources.flatMap((row) => (row.finished ? [[keyOf(row), row.finished]] : []))),
  };
}

function entryOf({ group, version, kind, namespace, name }: ResourceStatus): InventoryEntry {
  return { group, version, kind, ...(namespace === undefined ? {} : { namespace }), name };
}
