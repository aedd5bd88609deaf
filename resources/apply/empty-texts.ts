import { changedAt, isMap } from '../json/json.ts';
import { podSpecPath } from '../pod-spec.ts';
import type { KubeObject } from '../types.ts';

/** Maps in core kinds, with the fields that the API server, the scheduler or a binder fills where they are empty. */
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
 * The object without the empty texts of fields that are filled by others: a create reads these as not set, whereas an apply would clear
 * what is there by then (`spec.volumeName` of a bound claim, which is immutable), or, of a port's protocol, mean another port.
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
