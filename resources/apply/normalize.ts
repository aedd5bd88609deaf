import { digestOfJson } from '../json/digest.ts';
import { withoutRefusedItems } from './refused-items.ts';
import { withoutFilledTexts } from './empty-texts.ts';
import type { JsonMap } from '../json/json.ts';
import { isMap, mapAt, mapValues } from '../json/json.ts';
import { unpacked } from '../json/packed.ts';
import { withNullsRead } from './nulls.ts';
import type { Owner } from '../owner.ts';
import { ownerLabels } from '../owner.ts';
import { atOnce } from '../steps.ts';
import type { KubeMetadata, KubeObject } from '../types.ts';

/** Metadata that the server writes; manifests exported from a cluster carry it along. */
// prettier-ignore
const SERVER_METADATA = new Set([
  'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds',
  'managedFields', 'selfLink',
]);

/**
 * The object as it is to be sent: what the server would refuse, drop or write itself is gone, the namespace and the owner's labels are
 * set, and an annotation holds the digest of all the rest. A copy; `object` stays as it is.
 */
export function desiredOf(object: KubeObject, owner: Owner, resource: { namespaced: boolean }): KubeObject {
  return atOnce(desiredInSteps(object, owner, resource));
}

/** As `desiredOf`; yields after each step whose time grows with the object, so that its caller can let others run. */
export function* desiredInSteps(
  object: KubeObject,
  owner: Owner,
  resource: { namespaced: boolean },
): Generator<undefined, KubeObject> {
  const whole = unpacked(object);
  yield;
  const { status: _, ...rest } = withoutFilledTexts(withNullsRead(whole));
  yield;
  const desired = withEncodedSecret({
    ...rest,
    metadata: desiredMetadata(rest.metadata, owner, resource),
  } as KubeObject);
  const acceptable = withoutRefusedItems(desired);
  yield;
  return stamped(acceptable, owner.ownership.appliedAnnotation);
}

/** `desired` with `annotations` added and its digest renewed. */
export function withAnnotations(
  desired: KubeObject,
  annotations: Record<string, string>,
  appliedAnnotation: string,
): KubeObject {
  const metadata = { ...desired.metadata, annotations: { ...desired.metadata.annotations, ...annotations } };
  return stamped({ ...desired, metadata }, appliedAnnotation);
}

/** `objects` with every list object (`kind: List`, `kind: RoleList`) replaced by its items, as Helm does. */
export function withoutLists(objects: readonly KubeObject[]): KubeObject[] {
  return objects.flatMap((object) => {
    const items = object['items'];
    return object.kind.endsWith('List') && Array.isArray(items) ? withoutLists(items as KubeObject[]) : [object];
  });
}

function desiredMetadata(metadata: KubeMetadata, owner: Owner, resource: { namespaced: boolean }): KubeMetadata {
  const { namespace, ...own } = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !SERVER_METADATA.has(key)),
  ) as KubeMetadata;
  return {
    ...own,
    ...(resource.namespaced ? { namespace: namespace || owner.namespace } : {}),
    labels: { ...own.labels, ...ownerLabels(owner) },
  };
}

function stamped(object: KubeObject, annotation: string): KubeObject {
  const { [annotation]: _, ...annotations } = object.metadata.annotations ?? {};
  const bare = { ...object, metadata: { ...object.metadata, annotations } };
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [annotation]: digestOfJson(bare) } } };
}

/** The server turns stringData into data and forgets it, so it is sent as data. What is not a string is left for the server to refuse. */
function withEncodedSecret(object: KubeObject): KubeObject {
  const isSecret = object.kind === 'Secret' && object.apiVersion === 'v1';
  const { stringData, ...rest } = object;
  if (!isSecret || !isMap(stringData) || !Object.values(stringData).every((value) => typeof value === 'string')) {
    return object;
  }
  const encoded: JsonMap = mapValues(stringData, (value) => Buffer.from(String(value), 'utf8').toString('base64'));
  return { ...rest, data: { ...mapAt(object, 'data'), ...encoded } } as KubeObject;
}
