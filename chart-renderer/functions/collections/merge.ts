import { type GoMap, isNil, isTrue, kindOf, type Value } from '../../../golang/reflect/index.ts';

/** Which side wins where both maps have a value that is not empty. */
export type MergeMode = 'keep' | 'overwrite';

/**
 * Merges `source` into `target` in place as mergo 1.0 does for sprig's `merge` and `mergeOverwrite`: nested maps are merged, what
 * is taken over is shared with the source, lists are taken whole.
 */
export function mergeInto(target: GoMap, source: GoMap, mode: MergeMode): void {
  for (const [key, value] of source) {
    const present = target.get(key);
    if (isNil(value)) {
      if (mode === 'overwrite') target.set(key, value);
    } else if (value instanceof Map && present instanceof Map && present.size > 0) {
      mergeInto(present, value, mode);
    } else if (mode === 'overwrite' || isNil(present) || isEmpty(present)) {
      target.set(key, value);
    }
  }
}

/** Structs and pointers are never empty. */
function isEmpty(value: Value): boolean {
  return kindOf(value) !== 'struct' && !isTrue(value);
}
