import type { ApiResource } from '../../kube/index.ts';
import type { Selector } from '../../resources/index.ts';
import { namespaceOf } from '../pass/key.ts';
import { CONFIG_MAPS, PODS, SECRETS } from '../pass/resources.ts';
import type { NamedObject } from './names.ts';

/** A kind in a namespace, watched as one identity; `name` narrows the watch to one object. */
export interface Watched {
  user: string;
  resource: ApiResource;
  namespace: string | undefined;
  name?: string;
}

/** What one Release needs to have watched, all of it or a part. */
export interface WatchRequest {
  /** The Release's key. */
  key: string;
  user: string;
  resources?: ApiResource[];
  /** The objects it is about: replaces those it named before. Of all others little is known. */
  objects?: readonly NamedObject[];
  values?: { kind: 'ConfigMap' | 'Secret'; name: string }[];
  /** Other single objects of its namespace. */
  named?: readonly { resource: ApiResource; name: string }[];
  /** Selectors of its workloads, to know whose pod an event is about. */
  selectors?: Selector[];
}

/** What a request stands for. */
export function watchedBy({
  key,
  user,
  resources = [],
  values = [],
  named = [],
  selectors = [],
}: WatchRequest): Watched[] {
  const namespace = namespaceOf(key);
  const kinds = selectors.length > 0 ? [...resources, PODS] : resources;
  return [
    ...kinds.map((resource) => ({ user, resource, namespace: resource.namespaced ? namespace : undefined })),
    ...named.map(({ resource, name }) => ({ user, resource, namespace, name })),
    ...values.map(({ kind, name }) => ({ user, resource: kind === 'Secret' ? SECRETS : CONFIG_MAPS, namespace, name })),
  ];
}

/** Whether a watch is the one that is meant. Resources are compared as objects: each is discovered once. */
export function isSameWatch(watch: Watched, { user, resource, namespace, name }: Watched): boolean {
  return watch.resource === resource && watch.namespace === namespace && watch.user === user && watch.name === name;
}

/** A text for each thing that is watched. */
export function watchName({ user, resource, namespace, name }: Watched): string {
  const { group, version, plural } = resource;
  return `${user}|${group}|${version}|${plural}|${namespace ?? ''}|${name ?? ''}`;
}
