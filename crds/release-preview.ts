import type {
  FieldChange,
  Operation,
  PreviewCounts,
  PreviewedHook,
  PreviewedObject,
  PreviewRefusal,
  ResolvedReference,
} from './changes.ts';
import type { Reason } from './conditions.ts';
import type { ObjectMeta } from './metadata.ts';
import type { ReleaseSpec } from './release.ts';

/** What is asked: what a Release would do with this spec or, without one, what differs from its version in force. */
export type ReleasePreviewSpec = {
  /** Name of the Release in the same namespace; it need not exist. */
  release: string;
  template?: { spec: ReleaseSpec };
};

/** Verbs that the service account lacks: on one object if `name` is given, at cluster scope if `namespace` is absent. */
export type MissingPermission = {
  verbs: string[];
  group: string;
  resource: string;
  name?: string;
  namespace?: string;
};

/** Whether a preview shows everything that would happen; `reason` is the cause where it does not. */
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
  /** What the change is; absent where the Release would stay at its version. */
  operation?: Exclude<Operation, 'Delete'>;
  version?: number;
  /** The version in force. */
  from?: number;
  chart?: ResolvedReference;
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
