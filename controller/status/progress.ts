import { keyOf } from '../../resources/index.ts';
import type { Finished, HookStatus, InventoryEntry, ReleaseStatus, ResourceStatus } from '../../crds/index.ts';

/** How far a Release has come: the part of its status that the controller itself goes on from after a restart. */
export interface Progress {
  version: number | undefined;
  chart: ReleaseStatus['chart'];
  inputs: string | undefined;
  followed: ReleaseStatus['followed'];
  operation: NonNullable<ReleaseStatus['operation']> | undefined;
  hooks: HookStatus[];
  inventory: InventoryEntry[];
  /** By key, the work that is done. */
  finished: ReadonlyMap<string, Finished>;
}

/** The progress that is in a status. */
export function progressOf(status: ReleaseStatus = {}): Progress {
  const { version, chart, inputs, followed, operation, hooks = [], resources = [] } = status;
  return {
    version,
    chart,
    inputs,
    followed,
    operation,
    hooks,
    inventory: resources.map(entryOf),
    finished: new Map(resources.flatMap((row) => (row.finished ? [[keyOf(row), row.finished]] : []))),
  };
}

function entryOf({ group, version, kind, namespace, name }: ResourceStatus): InventoryEntry {
  return { group, version, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

/** The version that a Release is at or on its way to; undefined where none was begun. */
export function targetVersionOf(status: ReleaseStatus | undefined): number | undefined {
  return status?.operation?.version ?? status?.version;
}

/** The version whose objects the cluster is held to, in whole or as far as they are applied; undefined where none was. */
export function heldVersionOf(status: ReleaseStatus | undefined): number | undefined {
  const { operation, version } = status ?? {};
  if (operation === undefined) return version;
  return operation.phase === 'Before' ? operation.from : operation.version;
}
