import {
  changesBetweenManifests,
  type FieldChange,
  type FieldSet,
  type KubeObject,
  type ManagedFieldsEntry,
  type ManifestChanges,
  type Ownership,
  type Owner,
} from '../../../resources/index.ts';
import { runThrough } from '../../support/run-through.ts';

export const OWNERSHIP: Ownership = {
  releaseLabel: 'coxswain.dev/release',
  namespaceLabel: 'coxswain.dev/release-namespace',
  appliedAnnotation: 'coxswain.dev/applied',
  hookRunAnnotation: 'coxswain.dev/hook-run',
  fieldManager: 'coxswain',
};

export const OWNER: Owner = { name: 'web', namespace: 'shop', ownership: OWNERSHIP };

/** An object with the given metadata beside its name, and fields. */
export function object(
  kindAndName: string,
  fields: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
): KubeObject {
  const [kind = '', name = ''] = kindAndName.split('/');
  return { apiVersion: API_VERSIONS[kind] ?? 'v1', kind, metadata: { name, ...metadata }, ...fields };
}

const API_VERSIONS: Record<string, string> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Ingress: 'networking.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  APIService: 'apiregistration.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  Lease: 'coordination.k8s.io/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  Gadget: 'example.dev/v1',
};

/** `desired` as the server holds it right after an apply: every field is owned by our manager. */
export function applied(desired: KubeObject, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  const { labels, annotations } = desired.metadata;
  const { apiVersion: _, kind: __, metadata: ___, ...fields } = desired;
  const fieldsV1 = fieldSetOf({ metadata: { labels, annotations }, ...fields });
  return {
    ...desired,
    metadata: {
      ...desired.metadata,
      uid: `uid-of-${desired.metadata.name}`,
      managedFields: [{ manager: 'coxswain', operation: 'Apply', fieldsV1 }],
      ...more,
    },
  };
}

/** Every list is taken as atomic, every map as granular. */
function fieldSetOf(value: unknown): FieldSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const present = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(present.map(([key, item]) => [`f:${key}`, fieldSetOf(item)]));
}

/** What differs between two manifests, all of it in one turn. */
export function manifestChanges(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  max = 1_000,
  masked = (text: string): string => text,
): ManifestChanges {
  return runThrough(changesBetweenManifests(before, after, { max, masked }));
}

/** What differs between two states of an object. */
export function changesBetween(before: KubeObject | undefined, after: KubeObject | undefined): FieldChange[] {
  return manifestChanges(before ? [before] : [], after ? [after] : []).changes;
}

/** `desired` as the server holds it after somebody else has set, or with `take: 'out'` removed, some of its fields. */
export function lostTo(
  desired: KubeObject,
  pointers: string | readonly string[],
  by: Omit<ManagedFieldsEntry, 'fieldsV1'>,
  take: 'over' | 'out' = 'over',
): KubeObject {
  const live = applied(desired);
  const ours = structuredClone(live.metadata.managedFields?.[0]?.fieldsV1 ?? {});
  const theirs: FieldSet = {};
  for (const pointer of [pointers].flat()) {
    const elements = pointer
      .split('/')
      .slice(1)
      .map((key) => `f:${key.replaceAll('~1', '/')}`);
    remove(ours, elements);
    let to = theirs;
    for (const element of elements) to = to[element] ??= {};
  }
  const entries = [{ manager: 'coxswain', operation: 'Apply', fieldsV1: ours }];
  const other = { operation: 'Update', ...by, fieldsV1: theirs };
  return { ...live, metadata: { ...live.metadata, managedFields: take === 'out' ? entries : [...entries, other] } };
}

/** What nothing is owned of is not listed at all: an empty node would be owned as a whole. */
function remove(set: FieldSet, [element = '', ...rest]: readonly string[]): void {
  const below = set[element];
  if (below !== undefined && rest.length > 0) remove(below, rest);
  if (rest.length === 0 || Object.keys(below ?? {}).length === 0) delete set[element];
}
