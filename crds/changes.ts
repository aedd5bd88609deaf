import type { Reason } from './conditions.ts';

/** Whose signature a chart was found to have. */
export type ChartSignature = {
  provider: 'Cosign' | 'Helm';
  /** The entry of the Secret or ConfigMap that holds the key. */
  key: string;
  /** Cosign: `sha256:…` of the key in DER; Helm: the PGP key's, in hex. */
  fingerprint: string;
  /** Helm: the user id of the PGP key. */
  signer?: string;
  /** Helm: RFC 3339. */
  signedAt?: string;
};

/** What a chart reference resolved to. */
export type ResolvedReference = {
  name: string;
  version: string;
  appVersion?: string;
  digest: string;
  verified?: ChartSignature;
};

/** Identity of a child; `namespace` is absent for cluster-scoped kinds. */
export type InventoryEntry = {
  group: string;
  version: string;
  kind: string;
  namespace?: string;
  name: string;
};

/** What is under way or was done last; hooks follow it. `Adopt` is an install that finds objects to take over: it runs none. */
export type Operation = 'Install' | 'Adopt' | 'Upgrade' | 'Rollback' | 'Delete';

/** How far an operation can have come, in order. `Beside` only with `strategy: BlueGreen`, and `Testing` only with tests. */
export const OPERATION_PHASES = ['Before', 'Beside', 'Applying', 'After', 'Testing', 'Done'] as const;

/** How far an operation has come. */
export type OperationPhase = (typeof OPERATION_PHASES)[number];

/** Whether an operation has come as far as a phase; false if there is none, and for a phase that is not known. */
export function hasReached(operation: { phase: OperationPhase } | undefined, phase: OperationPhase): boolean {
  return operation !== undefined && OPERATION_PHASES.indexOf(operation.phase) >= OPERATION_PHASES.indexOf(phase);
}

/** One field that differs from the version before; Secret data is masked. */
export type FieldChange = {
  /** `Kind/name`. */
  object: string;
  /** JSON pointer in the object; empty where the whole object came or went. */
  path: string;
  change: 'Added' | 'Removed' | 'Changed';
  from?: string;
  to?: string;
  /** Other objects in which the same label or annotation changed in the same way. */
  alsoIn?: string[];
};

/** An object that would be written, or that could not be looked at. */
export type PreviewedObject = InventoryEntry & {
  action: 'Create' | 'Update' | 'Recreate' | 'Delete' | 'Unknown';
  /** Of one that would be deleted and created again: what that means for its data. */
  class?: 'Recreate' | 'LosesData';
  /** Of one that would be deleted and created again: the fields that cannot be changed. */
  fields?: string[];
};

/** A hook that would run. */
export type PreviewedHook = { event: string; weight: number; kind: string; name: string };

/** Why an object would be refused; `object` is `Kind/name`. */
export type PreviewRefusal = { object: string; reason: Reason; message: string };

/** How many objects there are of each, even where the lists are cut. */
export type PreviewCounts = {
  create: number;
  update: number;
  recreate: number;
  delete: number;
  unchanged: number;
  unknown: number;
  hooks: number;
  refused: number;
};

/** What a cluster answered to the questions that templates asked by `.Capabilities`. */
export type ClusterAnswers = {
  /** Its version, if they read that. */
  kubeVersion?: string;
  /** The names that they asked `APIVersions.Has` for and that were served. */
  served?: string[];
  /** Those that were not. */
  absent?: string[];
  /** The digest of the names of all that is served, if they read the whole list. */
  list?: string;
};
