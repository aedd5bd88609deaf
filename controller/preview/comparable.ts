import { APPLIED_ANNOTATION } from '../../crds/index.ts';
import { unpacked, type KubeObject } from '../../resources/index.ts';

/** An object without what every write changes, and without its status: what is left differs only if a reader of the object sees it. */
export function comparable(object: KubeObject): KubeObject {
  const { status: _, metadata, ...rest } = unpacked(object) as KubeObject & { status?: unknown };
  const {
    managedFields: __,
    resourceVersion: ___,
    generation: ____,
    uid: _____,
    creationTimestamp: ______,
    annotations,
    ...shown
  } = metadata;
  const others = Object.entries(annotations ?? {}).filter(([name]) => name !== APPLIED_ANNOTATION);
  return {
    ...rest,
    metadata: { ...shown, ...(others.length > 0 ? { annotations: Object.fromEntries(others) } : {}) },
  };
}
