import { fieldsNotBase64 } from '../base64.ts';
import { textAt } from '../json/json.ts';
import { refOf, keyOf, titleOf } from '../reference.ts';
import type { KubeObject, ObjectRef } from '../types.ts';

/** Why an object of a chart is not applied. */
export type RefusalCode =
  | 'Malformed'
  | 'NoName'
  | 'UnknownKind'
  | 'ReservedKind'
  | 'OtherNamespace'
  | 'ClusterScoped'
  | 'Duplicate'
  | 'AlreadyExists';

/** One object that may not be applied; `message` says why and what to do. */
export interface Refusal {
  ref: ObjectRef;
  code: RefusalCode;
  message: string;
}

/** An object as rendered, with what the cluster (or a CustomResourceDefinition of the same chart) says about its kind. */
export interface Candidate {
  object: KubeObject;
  resource: { namespaced: boolean } | undefined;
}

/** What a Release may own. */
export interface OwnershipLimits {
  namespace: string;
  clusterScope: 'allowed' | 'refused';
  /** What an administrator does to allow cluster scope, as the end of a sentence. */
  howToAllow: string;
  /** Kinds, as `group/Kind`, and types of Secrets that only the controller makes. */
  reservedKinds: readonly string[];
  reservedSecretTypes: readonly string[];
}

/** Every reason not to apply `candidates`, all at once and before anything is applied; empty means go ahead. */
export function refusalsOf(candidates: readonly Candidate[], limits: OwnershipLimits): Refusal[] {
  const seen = new Set<string>();
  return candidates.flatMap((candidate) => {
    const refusal = malformedRefusal(candidate.object) ?? outOfScopeRefusal(candidate, limits);
    if (refusal) return [refusal];
    const ref = identityOf(candidate, limits);
    if (seen.has(keyOf(ref))) return [duplicate(ref)];
    seen.add(keyOf(ref));
    return [];
  });
}

function malformedRefusal(object: KubeObject): Refusal | undefined {
  const ref = printableRefOf(object);
  if (ref.version === '' || ref.kind === '') {
    return { ref, code: 'Malformed', message: 'a manifest has no apiVersion or no kind: every object needs both' };
  }
  if (ref.name !== '' && !isPathLike(ref.name)) return unreadableBytes(object, ref);
  const problem = ref.name ? `${JSON.stringify(ref.name)} cannot be the name of an object` : 'it has no metadata.name';
  const advice = object.metadata?.generateName
    ? ': metadata.generateName would create another object each time, give it a name'
    : '';
  return { ref, code: 'NoName', message: `${ref.kind}: ${problem}${advice}` };
}

function unreadableBytes(object: KubeObject, ref: ObjectRef): Refusal | undefined {
  const fields = fieldsNotBase64(object);
  if (fields.length === 0) return undefined;
  const message = `${titleOf(ref)}: ${fields.join(', ')} ${fields.length === 1 ? 'is' : 'are'} not base64`;
  return { ref, code: 'Malformed', message };
}

function outOfScopeRefusal({ object, resource }: Candidate, limits: OwnershipLimits): Refusal | undefined {
  const ref = refOf(object);
  const title = titleOf(ref);
  if (isReserved(object, ref, limits)) {
    const message = `${title}: only the controller creates these: remove it from the chart`;
    return { ref, code: 'ReservedKind', message };
  }
  if (resource === undefined) {
    const message = `${title}: the cluster has no ${ref.kind} in ${object.apiVersion}: install its CustomResourceDefinition first, or use an apiVersion that the cluster serves`;
    return { ref, code: 'UnknownKind', message };
  }
  if (!resource.namespaced) {
    if (limits.clusterScope === 'allowed') return undefined;
    const message = `${title} is cluster-scoped, and the Releases of namespace ${limits.namespace} may not own such objects: ${limits.howToAllow}`;
    return { ref, code: 'ClusterScoped', message };
  }
  if (!ref.namespace || ref.namespace === limits.namespace) return undefined;
  const message = `${title} is in namespace ${ref.namespace}, but a Release can own objects only in its own namespace, ${limits.namespace}: remove metadata.namespace, or create a Release there`;
  return { ref, code: 'OtherNamespace', message };
}

function duplicate(ref: ObjectRef): Refusal {
  const message = `${titleOf(ref)} occurs twice in the manifest: rename or remove one of them`;
  return { ref, code: 'Duplicate', message };
}

/** A name that contains one of these would address another object in a request's path. */
function isPathLike(name: string): boolean {
  return name === '.' || name === '..' || /[/%\\\s]/.test(name);
}

function isReserved(object: KubeObject, ref: ObjectRef, limits: OwnershipLimits): boolean {
  if (limits.reservedKinds.includes(`${ref.group}/${ref.kind}`)) return true;
  const type = object['type'];
  return (
    ref.group === '' && ref.kind === 'Secret' && typeof type === 'string' && limits.reservedSecretTypes.includes(type)
  );
}

function identityOf({ object, resource }: Candidate, limits: OwnershipLimits): ObjectRef {
  const { namespace: _, ...ref } = refOf(object);
  return resource?.namespaced ? { ...ref, namespace: limits.namespace } : ref;
}

/** The reference to an object that may lack any part of one: these parts are empty. */
function printableRefOf(object: KubeObject): ObjectRef {
  return refOf({
    apiVersion: textAt(object, 'apiVersion') ?? '',
    kind: textAt(object, 'kind') ?? '',
    metadata: { name: textAt(object, 'metadata', 'name') ?? '' },
  });
}
