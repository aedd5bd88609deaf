import type { KubeObject, ObjectRef } from './types.ts';

const keptRefs = new WeakMap<KubeObject, ObjectRef>();
const keptKeys = new WeakMap<ObjectRef, string>();

/** Keeps the reference to an object that stays as it is, and its key, for those who ask for them again and again. */
export function keepRef(object: KubeObject): void {
  const ref = refOf(object);
  keptRefs.set(object, ref);
  keptKeys.set(ref, keyOf(ref));
}

/**
 * `refs`, each replaced by the kept reference of the object at its index where the two are the same: what was read anew then has keys
 * that need not be made.
 */
export function withKeptRefs(refs: readonly ObjectRef[], objects: readonly KubeObject[]): ObjectRef[] {
  return refs.map((ref, index) => {
    const object = objects[index];
    const kept = object && keptRefs.get(object);
    return kept && isSameRef(kept, ref) ? kept : ref;
  });
}

/** Whether two references are the same, their versions included. */
export function isSameRef(a: ObjectRef, b: ObjectRef): boolean {
  if (a === b) return true;
  const isOfKind = a.kind === b.kind && a.group === b.group && a.version === b.version;
  return a.name === b.name && a.namespace === b.namespace && isOfKind;
}

/** The reference to `object`, with its own namespace if it states one. */
export function refOf(object: KubeObject): ObjectRef {
  return keptRefs.get(object) ?? referenceTo(object);
}

/** The group of an apiVersion; the core group is the empty text. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));
}

function referenceTo(object: KubeObject): ObjectRef {
  const { apiVersion } = object;
  const { name, namespace } = object.metadata;
  return {
    group: groupOf(apiVersion),
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    kind: object.kind,
    ...(namespace ? { namespace } : {}),
    name,
  };
}

/** The identity of an object as a map key: group, kind, namespace and name; without the version, which may change. */
export function keyOf(ref: ObjectRef): string {
  return keptKeys.get(ref) ?? `${ref.group}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** The identity of `object` as a map key. */
export function keyOfObject(object: KubeObject): string {
  return keyOf(refOf(object));
}

/**
 * The identity of an object among those of one Release as a map key: group, kind and name. What a chart renders may leave out the
 * namespace, and nothing of a Release is in another one.
 */
export function keyInRelease(object: KubeObject): string {
  const { group, kind, name } = refOf(object);
  return JSON.stringify([group, kind, name]);
}

/** `Kind/name` of an object whose key this is. */
export function titleOfKey(key: string): string {
  const [, kind = '', , ...name] = key.split('/');
  return `${kind}/${name.join('/')}`;
}

/** `Kind/name`, as messages and change lists call an object. */
export function titleOf(ref: { kind: string; name: string }): string {
  return `${ref.kind}/${ref.name}`;
}

/** `Kind/name` of `object`. */
export function titleOfObject(object: KubeObject): string {
  return titleOf(refOf(object));
}
