import { NOTIFY_ANNOTATION } from '../../crds/index.ts';
import type { ApiResource, Content } from '../../kube/index.ts';
import { pack, type KubeObject, type Pack } from '../../resources/index.ts';
import { OWNERSHIP, ownerKeyOf } from '../pass/ownership.ts';

/** Kinds that are Green as soon as they exist: only their metadata is requested and sent. */
const METADATA_SUFFICES = new Set([
  '/ConfigMap',
  '/Secret',
  '/ServiceAccount',
  '/LimitRange',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'networking.k8s.io/NetworkPolicy',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/StorageClass',
]);

/** How much of the objects of a kind is watched. */
export function watchedContentOf({ group, kind }: ApiResource): Content {
  return METADATA_SUFFICES.has(`${group}/${kind}`) ? 'metadata' : 'whole';
}

/**
 * A child or a pod as it is kept: without the data of ConfigMaps and Secrets, which the answer to a write contains, and without the field
 * owners of pods that are not ours; large parts are packed.
 */
export function outlineOf(object: KubeObject): Pack<KubeObject> {
  const isConfiguration = object.apiVersion === 'v1' && (object.kind === 'ConfigMap' || object.kind === 'Secret');
  const { data: _, binaryData: __, stringData: ___, ...rest } = object;
  const kept = isConfiguration ? (rest as KubeObject) : object;
  // Of other objects, those that a Release names are kept in outline: it may take them over.
  if (object.kind !== 'Pod' || bearsOurMarks(object)) return pack(kept);
  const { managedFields: ____, ...metadata } = kept.metadata;
  return pack({ ...kept, metadata });
}

/** About how many bytes the result of `identityOf` takes, without its texts. */
export const IDENTITY_BYTES = 400;

const KEPT_ANNOTATIONS = /^(meta\.helm\.sh\/release-name(space)?|helm\.sh\/resource-policy)$/;
/** An annotation can have a quarter of a megabyte; a name, or anything that means something here, has no more than this. */
const MAX_CHARS = 253;

/** Who an object is, and whose: enough to leave it alone, or to delete it. */
export function identityOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, labels = {}, annotations = {}, deletionTimestamp } = object.metadata;
  const facts = {
    namespace,
    uid,
    resourceVersion,
    deletionTimestamp,
    labels: chosen(labels, (label) => label === OWNERSHIP.releaseLabel || label === OWNERSHIP.namespaceLabel),
    annotations: chosen(annotations, (name) => KEPT_ANNOTATIONS.test(name) || name === NOTIFY_ANNOTATION),
  };
  const present = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { apiVersion: object.apiVersion, kind: object.kind, metadata: { name, ...present } };
}

/** A ReleasePreview as it is kept: which annotations and field owners it has is up to its author. */
export const PREVIEW_KEEPER = {
  keep: (preview: KubeObject): KubeObject => {
    const { metadata, ...rest } = identityOf(preview);
    const { generation, creationTimestamp } = preview.metadata;
    return { ...rest, metadata: { ...metadata, generation, creationTimestamp } } as KubeObject;
  },
};

/** About how many bytes an identity takes. */
export function identityBytes({ metadata: { name, labels = {}, annotations = {} } }: KubeObject): number {
  const texts = [name, ...Object.values(labels), ...Object.values(annotations)];
  return texts.reduce((sum, text) => sum + text.length, IDENTITY_BYTES);
}

function chosen(texts: Record<string, string>, isChosen: (key: string) => boolean): Record<string, string> | undefined {
  const kept = Object.entries(texts).filter(([key]) => isChosen(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([key, text]) => [key, shortened(text)]));
}

/** Not a slice, which would keep the whole text in memory. */
function shortened(text: string): string {
  return text.length <= MAX_CHARS ? text : Buffer.from(text.trim().slice(0, MAX_CHARS)).toString('utf8');
}

function bearsOurMarks(object: KubeObject): boolean {
  const isApplied = object.metadata.managedFields?.some((entry) => entry.manager === OWNERSHIP.fieldManager) ?? false;
  return isApplied || ownerKeyOf(object) !== undefined;
}
