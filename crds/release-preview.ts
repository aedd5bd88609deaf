import type { Reason } from './conditions.ts';
import type { ObjectMeta } from './metadata.ts';
import type { FieldChange, ReleaseHistorySpec } from './release-history.ts';
import type { InventoryEntry, Operation, ReleaseSpec } from './release.ts';

/** What is asked: what a Release would do with this spec or, without one, what differs from its version in force. */
export type ReleasePreviewSpec = {
  /** Name of the Release in the same namespace; it need not exist. */
  release: string;
  template?: { spec: ReleaseSpec };
};

/** An object that would be written, or that could not be looked at. */
export type PreviewedObject = InventoryEntry & {
  action: 'Create' | 'Update' | 'Recreate' | 'Delete' | 'Unknown';
  /** Of one that would be deleted and created again: what that means for its data. */
  class?: 'Recreate' | 'LosesData' | 'Impossible';
  /** Of one that would be deleted and created again: the fields that cannot be changed. */
  fields?: string[];
};

/** A hook that would run. */
export type PreviewedHook = { event: string; weight: number; kind: string; name: string };

/** Why an object would be refused; `object` is `Kind/name`. */
export type PreviewRefusal = { object: string; reason: Reason; message: string };

/** Verbs that the service account lacks: on one object if `name` is given, at cluster scope if `namespace` is absent. */
export type MissingPermission = {
  verbs: string[];
  group: string;
  resource: string;
  name?: string;
  namespace?: string;
};

/** How many objects there are of each, also where the lists are cut. */
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

/** Whether a preview tells all that would happen; `reason` is the cause where it does not. */
export type PreviewCondition = {
  type: 'Complete';
  status: 'True' | 'False';
  reason: Reason | 'Previewed';
  message: string;
  observedGeneration: number;
  /** RFC 3339. */
  lastTransitionTime: string;
};

/** What the controller found; every list is cut to a size. */
export type ReleasePreviewStatus = {
  observedGeneration?: number;
  /** How the Release would come to the version; absent where it stays at it. */
  operation?: Exclude<Operation, 'Delete'>;
  version?: number;
  /** The version in force. */
  from?: number;
  chart?: ReleaseHistorySpec['resolved'];
  counts?: PreviewCounts;
  objects?: PreviewedObject[];
  changes?: FieldChange[];
  changesTotal?: number;
  hooks?: PreviewedHook[];
  refusals?: PreviewRefusal[];
  missingPermissions?: MissingPermission[];
  /** YAML that grants them. */
  grant?: string;
  warnings?: string[];
  conditions?: PreviewCondition[];
};

/** A ReleasePreview. */
export type ReleasePreview = {
  apiVersion: string;
  kind: 'ReleasePreview';
  metadata: ObjectMeta;
  spec: ReleasePreviewSpec;
  status?: ReleasePreviewStatus;
};
