import { changedAt, isMap } from '../json/json.ts';
import { podSpecPath } from '../pod-spec.ts';
import type { KubeObject } from '../types.ts';

/** Maps in core kinds, and those of their fields that the API server, the scheduler or a binder fills in where they are empty. */
const FILLED: Readonly<Record<string, readonly (readonly [place: string, fields: readonly string[]])[]>> = {
  PersistentVolume: [['spec.claimRef', ['resourceVersion', 'uid']]],
  PersistentVolumeClaim: [['spec', ['volumeName']]],
  Pod: [['spec', ['nodeName', 'serviceAccount', 'serviceAccountName']]],
  Service: [
    ['spec', ['clusterIP', 'loadBalancerIP']],
    ['spec.ports.[]', ['protocol']],
  ],
};
const CONTAINERS = ['containers', 'initContainers'];

/**
 * The object without empty strings in fields that others fill in. A create takes such a string as not set. An apply would clear what has
 * been filled in by then (`spec.volumeName` of a bound claim, which is immutable) or, in a port's protocol, mean a different port.
 */
export function withoutFilledTexts(object: KubeObject): KubeObject {
  const places = object.apiVersion === 'v1' ? (FILLED[object.kind] ?? []) : [];
  const changed = places.reduce<unknown>(
    (value, [place, fields]) => changedAt(value, place.split('.'), (map) => withoutEmpty(map, fields)),
    object,
  );
  const pod = podSpecPath(object);
  const lists = pod === undefined ? [] : CONTAINERS.map((containers) => [...pod, containers, '[]', 'ports', '[]']);
  return lists.reduce(
    (value, path) => changedAt(value, path, (port) => withoutEmpty(port, ['protocol'])),
    changed,
  ) as KubeObject;
}

function withoutEmpty(map: unknown, fields: readonly string[]): unknown {
  if (!isMap(map) || fields.every((field) => map[field] !== '')) return map;
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => value !== '' || !fields.includes(key)));
}
