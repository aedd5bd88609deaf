// Type aliases, not interfaces, here and in the kinds: only those fit the index signature of any Kubernetes object.

/** The part of Kubernetes' ObjectMeta that Coxswain reads or writes on its own kinds. */
export type ObjectMeta = {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  generation: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: { manager?: string; operation?: string; time?: string }[];
};

/** A reference that makes the garbage collector delete the dependent with its owner. */
export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};
