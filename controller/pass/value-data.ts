import { digestOfJson, pack, type KubeObject, type Pack } from '../../resources/index.ts';

const digests = new WeakMap<KubeObject, string>();

/** What is kept of an object that valuesFrom names: all of it, and a digest of its data. */
export function packedWithData(object: KubeObject): Pack<KubeObject> {
  const packed = pack(object);
  digests.set(packed.value, digestOfJson([object['data'], object['binaryData']]));
  return packed;
}

/**
 * What stands for the data of such an object, the same for all of its states with the same data: a digest, or the state itself where no
 * digest is kept.
 */
export function dataState(kept: KubeObject | undefined): string | KubeObject | undefined {
  return kept && (digests.get(kept) ?? kept);
}

/** Whether a change is one of the data: edits of its metadata, however many, change no values. */
export function hasOtherData(now: KubeObject, before: KubeObject | undefined): boolean {
  return before === undefined || dataState(before) !== dataState(now);
}
