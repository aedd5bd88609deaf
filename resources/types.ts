/** One manager's share of an object, as `metadata.managedFields` lists it. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  subresource?: string;
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: FieldSet;
}

/** A node of `fieldsV1`: path elements (`f:name`, `k:{…}`, `v:…`, `i:0`, `.`) to the nodes below them. */
export interface FieldSet {
  [element: string]: FieldSet;
}

/** Kubernetes' ObjectMeta, as far as the project reads it; everything else is kept as it is. */
export interface KubeMetadata {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  managedFields?: ManagedFieldsEntry[];
  [field: string]: unknown;
}

/** Any Kubernetes object as JSON. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
  [field: string]: unknown;
}

/** Names one object; `namespace` is absent for cluster-scoped kinds, `group` is empty for the core group. */
export interface ObjectRef {
  group: string;
  version: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** Green: as desired. Yellow: on its way, or unknown. Red: broken, with a cause. */
export type HealthColour = 'Green' | 'Yellow' | 'Red';

/** The health of one object; `message` is one line and present unless Green. */
export interface Health {
  health: HealthColour;
  message?: string;
}
