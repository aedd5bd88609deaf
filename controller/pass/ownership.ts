import {
  APPLIED_ANNOTATION,
  DEPENDS_ON_ANNOTATION,
  FIELD_MANAGER,
  HOOK_RUN_ANNOTATION,
  RELEASE_LABEL,
  RELEASE_NAMESPACE_LABEL,
  WEIGHT_ANNOTATION,
  type Release,
} from '../../crds/index.ts';
import type { KubeObject, OrderAnnotations, Ownership, Owner } from '../../resources/index.ts';
import { keyOfRelease } from './key.ts';

/** The names of the labels, annotations and field manager by which a Release is known as the owner of an object. */
export const OWNERSHIP: Ownership = {
  releaseLabel: RELEASE_LABEL,
  namespaceLabel: RELEASE_NAMESPACE_LABEL,
  appliedAnnotation: APPLIED_ANNOTATION,
  hookRunAnnotation: HOOK_RUN_ANNOTATION,
  fieldManager: FIELD_MANAGER,
};

/** The annotations by which objects of a chart say what goes before them. */
export const ORDER_ANNOTATIONS: OrderAnnotations = { dependsOn: DEPENDS_ON_ANNOTATION, weight: WEIGHT_ANNOTATION };

/** A Release as the owner of its children. */
export function ownerOf({ metadata: { name, namespace } }: Release): Owner {
  return { name, namespace, ownership: OWNERSHIP };
}

/** The key of the Release that an object's labels name. */
export function ownerKeyOf({ metadata: { labels } }: KubeObject): string | undefined {
  const name = labels?.[RELEASE_LABEL];
  const namespace = labels?.[RELEASE_NAMESPACE_LABEL];
  return name !== undefined && namespace !== undefined ? keyOfRelease(namespace, name) : undefined;
}

/** The digest of the state that an object was last applied in, or is to be applied in; undefined where it names none. */
export function appliedDigestOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[APPLIED_ANNOTATION];
}

/** The user as which everything on a Release's behalf is done. */
export function userOf({ metadata, spec }: Pick<Release, 'metadata' | 'spec'>): string {
  return `system:serviceaccount:${metadata.namespace}:${spec.serviceAccountName}`;
}

/** The namespace of a service account. */
export function namespaceOfUser(user: string): string {
  return user.split(':')[2] ?? '';
}
