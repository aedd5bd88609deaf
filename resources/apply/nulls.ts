import { isMap, mapValues } from '../json/json.ts';
import { groupOf } from '../reference.ts';
import type { KubeMetadata, KubeObject } from '../types.ts';

/**
 * The groups whose kinds the API server decodes into Go structs. Not all of its own are here: a CustomResourceDefinition and a
 * ResourceClaim hold arbitrary JSON, which keeps its nulls.
 */
const TYPED_GROUPS = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Maps of strings, by field name. Where kinds are listed, the field is such a map in these only; in others it is a struct. */
const TEXT_MAPS: ReadonlyMap<string, readonly string[] | undefined> = new Map([
  ['annotations', undefined],
  ['binaryData', undefined],
  ['data', undefined],
  ['deprecatedTopology', undefined],
  ['labels', undefined],
  ['matchLabels', undefined],
  ['nodeSelector', undefined],
  ['options', undefined],
  ['parameters', ['StorageClass', 'VolumeAttributesClass']],
  ['selector', ['ReplicationController', 'Service']],
  ['stringData', undefined],
  ['volumeAttributes', undefined],
]);

/** Maps of quantities, by field name. */
const QUANTITY_MAPS: ReadonlySet<string> = new Set([
  'capacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'podFixed',
  'requests',
]);

/** Lists of structs whose empty value is valid; a null in any other is for the server to refuse. */
const STRUCT_LISTS = new Set(['imagePullSecrets']);

/**
 * The object with each null replaced by what a create takes it for, where an apply takes it for something else. In a kind that the server
 * decodes into Go structs, a null entry of a map is the zero value of the map's type (`LOG_LEVEL:` in a ConfigMap is `""`, `role: null`
 * in `matchLabels` asks for an empty label) and a null field is not set: applied as null, it would be owned and would remove what others
 * set, such as replicas. Custom resources keep their nulls except in metadata, which is a Go struct in every kind: their schema says what
 * they mean.
 */
export function withNullsRead(object: KubeObject): KubeObject {
  if (TYPED_GROUPS.has(groupOf(object.apiVersion))) return fieldsRead(object, object.kind) as KubeObject;
  return { ...object, metadata: fieldsRead(object.metadata, object.kind) as KubeMetadata };
}

/** The value without the nulls in its maps; those in lists stay. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const set = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return mapValues(Object.fromEntries(set), withoutNulls);
}

function fieldsRead(value: unknown, kind: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => fieldsRead(item, kind));
  if (!isMap(value)) return value;
  const read: [string, unknown][] = [];
  for (const [field, item] of Object.entries(value)) {
    if (item !== null && item !== undefined) read.push([field, fieldRead(item, field, kind)]);
  }
  return Object.fromEntries(read);
}

function fieldRead(value: unknown, field: string, kind: string): unknown {
  if (typeof value !== 'object') return value;
  const zero = zeroOf(field, kind);
  if (zero !== undefined && isMap(value)) return mapValues(value, (item) => item ?? zero);
  if (Array.isArray(value) && STRUCT_LISTS.has(field))
    return value.map((item: unknown) => fieldsRead(item ?? {}, kind));
  return fieldsRead(value, kind);
}

/** The zero value of the entries of a map. */
function zeroOf(field: string, kind: string): '' | '0' | undefined {
  if (QUANTITY_MAPS.has(field)) return '0';
  if (!TEXT_MAPS.has(field)) return undefined;
  return TEXT_MAPS.get(field)?.includes(kind) === false ? undefined : '';
}
