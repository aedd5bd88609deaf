import { API_GROUP, type Release } from '../../crds/index.ts';
import type { Informer } from '../../kube/index.ts';
import { refOf, titleOfObject, type KubeObject, type ObjectRef } from '../../resources/index.ts';
import { keyOfRelease, nameOf, namespaceOf } from '../pass/key.ts';
import { ownerKeyOf } from '../pass/ownership.ts';

/** A refusal for each object of `made` that is a Release in `ancestors`: each would create the next for ever. */
export function releaseCycleRefusals(
  made: readonly { object: KubeObject }[],
  namespace: string,
  ancestors: readonly string[],
): { ref: ObjectRef; code: 'Circle'; message: string }[] {
  return made
    .filter(({ object }) => object.kind === 'Release' && refOf(object).group === API_GROUP)
    .filter(({ object: { metadata } }) =>
      ancestors.includes(keyOfRelease(metadata.namespace ?? namespace, metadata.name)),
    )
    .map(({ object }) => ({
      ref: refOf(object),
      code: 'Circle',
      message: `${titleOfObject(object)} cannot be in this chart: a Release may not create itself, nor a Release that created it`,
    }));
}

/** The keys of the Release and of the Releases that it is a child of by its labels, directly or not. */
export function ancestorKeys(release: Release, releases: Pick<Informer<Release>, 'get'>): string[] {
  const keys = new Set<string>();
  let next: Release | undefined = release;
  while (next) {
    const key = keyOfRelease(next.metadata.namespace, next.metadata.name);
    if (keys.has(key)) break;
    keys.add(key);
    const owner = ownerKeyOf(next);
    next = owner === undefined ? undefined : releases.get(namespaceOf(owner), nameOf(owner));
  }
  return [...keys];
}
