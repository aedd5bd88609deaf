import type { FieldChange, PreviewCounts, PreviewedHook, PreviewedObject, PreviewRefusal } from '../../crds/index.ts';

/** A recorded version: `GET /api/releases/NS/NAME/versions`, newest first. */
export type VersionRow = {
  version: number;
  inForce: boolean;
  createdAt: string;
  /** The user, where that is known, else what wrote it. */
  by: string;
  /** What led to it, in words. */
  reason: string;
  cause: 'Edit' | 'Inputs' | 'Chart' | 'Cluster';
  chart: string;
  chartVersion: string;
  appVersion?: string;
  digest: string;
  /** The version that it was compared with. */
  comparedWith?: number;
  changes: number;
  /** How its tests ended. */
  tests?: 'Succeeded' | 'Failed';
  unfinished: boolean;
};

/** `GET …/diff?from=1&to=2`, without `from`: what `to` changed; `GET …/diff?live=1`: what the controller would correct. */
export type DiffView = {
  from?: number;
  to?: number;
  /** By object. */
  objects: ObjectDiff[];
  /** How many more changes are not listed. */
  more: number;
  /** What else there is to say, such as that a preview was not complete. */
  notes: string[];
};

/** What differs in one object. */
export type ObjectDiff = {
  /** `Kind/name`. */
  object: string;
  change: 'create' | 'update' | 'delete';
  fields: FieldDiff[];
  /** The whole object on both sides, where both versions can be read; secrets are `***`. */
  yaml?: { before: string; after: string };
};

/** A field that differs; `path` is as people write it: `.spec.replicas`. */
export type FieldDiff = {
  path: string;
  before?: string;
  after?: string;
  /** Other objects in which the same changes in the same way. */
  alsoIn?: string[];
};

/** `POST …/preview`: what an action would do. */
export type PreviewView = {
  /** Whether all of it is known. */
  complete: boolean;
  /** Why the action could not be done, or not wholly be previewed. */
  obstacle?: string;
  operation?: string;
  version?: number;
  chart?: string;
  counts?: PreviewCounts;
  diff: DiffView;
  objects: PreviewedObject[];
  hooks: PreviewedHook[];
  refusals: PreviewRefusal[];
  warnings: string[];
  /** YAML that grants what is missing. */
  grant?: string;
};

/** `GET …/versions/N/values`. */
export type ValuesView = {
  /** The recorded values, merged, as YAML; secrets are `***`. */
  yaml: string;
  /** For each value, where it is from; absent where the chart cannot be read, and `why` says why. */
  explained?: ExplainedRow[];
  why?: string;
};

/** A value, and the layers that set it. */
export type ExplainedRow = {
  /** As `--set` takes it. */
  path: string;
  value: string;
  source: string;
  deleted?: boolean;
  /** What it went over, nearest first. */
  over: { value: string; source: string }[];
};

/** Which objects of a version are meant. */
export type ManifestPart = 'objects' | 'hooks' | 'crds';

/** A change of one field, as records and previews have it. */
export type { FieldChange };
