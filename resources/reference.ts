import type { KubeObject, ObjectRef } from './types.ts';

/** The reference to `object`, with its own namespace if it states one. */
export function refOf(object: KubeObject): ObjectRef {
  const slash = object.apiVersion.indexOf('/');
  const { name, namespace } = object.metadata;
  return {
    group: slash < 0 ? '' : object.apiVersion.slice(0, slash),
    version: object.apiVersion.slice(slash + 1),
    kind: object.kind,
    ...(namespace ? { namespace } : {}),
    name,
  };
}

/** The identity of an object as a map key: group, kind, namespace and name; without the version, which may change. */
export function keyOf(ref: ObjectRef): string {
  return `${ref.group}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** `Kind/name`, as messages and change lists call an object. */
export function titleOf(ref: { kind: string; name: string }): string {
  return `${ref.kind}/${ref.name}`;
}
