import type {
  ClusterAnswers,
  FieldChange,
  Operation,
  PreviewCounts,
  PreviewedHook,
  PreviewedObject,
  PreviewRefusal,
  ResolvedReference,
} from './changes.ts';

/** An object that a plan would write. */
export type PlannedObject = PreviewedObject & {
  /** A digest of the live state that the write starts from; absent for an object that could not be read. */
  state?: string;
};

/** What a change would do, while it waits for approval; every list is cut to a size. */
export type ReleasePlan = {
  /** `sha256:…`: `spec.approvedPlan` approves with it. */
  digest: string;
  /** RFC 3339. */
  madeAt: string;
  operation: Exclude<Operation, 'Delete'>;
  /** The version that would be in force. */
  version: number;
  /** The version in force. */
  from?: number;
  chart: ResolvedReference;
  counts: PreviewCounts;
  objects?: PlannedObject[];
  changes?: FieldChange[];
  changesTotal: number;
  hooks?: PreviewedHook[];
  refusals?: PreviewRefusal[];
  warnings?: string[];
  /** The answers of the cluster that the version was rendered with; absent if it asked nothing. */
  cluster?: ClusterAnswers;
  /** What it was made from. */
  digests: {
    content: string;
    inputs: string;
    /** Of the control fields that decide how the change is made. */
    control: string;
  };
  /** The digest of the plan that it replaces. */
  replaces?: string;
  /** What has changed since that one was made. */
  moved?: string[];
};
