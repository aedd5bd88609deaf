import { managedUnshared } from '../fields/managed-fields.ts';
import { keysOf, pointerTo } from '../json/json.ts';
import type { Ownership } from '../owner.ts';
import type { KubeObject } from '../types.ts';
import { outOfSync } from './sync.ts';

/** Fields that a chart sets when it creates an object, and that belong to whoever sets them after that. */
export interface IgnoredFields {
  /** Whether a JSON pointer names such a field, or something in one. */
  covers: (pointer: string) => boolean;
}

interface Branch {
  isEnd: boolean;
  below: Map<string, Branch>;
}

/** The fields that JSON pointers name, in which `*` stands for one key or item; never those by which an object is known as the owner's. */
export function ignoredFields(pointers: readonly string[], ownership: Ownership): IgnoredFields {
  const root = branch();
  for (const pointer of pointers) {
    let here = root;
    for (const key of keysOf(pointer)) {
      const next = here.below.get(key) ?? branch();
      here.below.set(key, next);
      here = next;
    }
    here.isEnd = true;
  }
  const own = ownPointers(ownership);
  return { covers: (pointer) => !own.has(pointer) && leadsThrough(root, keysOf(pointer)) };
}

function branch(): Branch {
  return { isEnd: false, below: new Map() };
}

/** Patterns that begin alike are one branch, so that time does not grow with their number. */
function leadsThrough(from: Branch, keys: readonly string[]): boolean {
  let here = [from];
  for (const key of keys) {
    here = here.flatMap(({ below }) => [...new Set([key, '*'])].flatMap((step) => below.get(step) ?? []));
    if (here.some(({ isEnd }) => isEnd)) return true;
    if (here.length === 0) return false;
  }
  return false;
}

/** Without these an object would no longer be found, nor known to be as it should be. */
function ownPointers({ releaseLabel, namespaceLabel, appliedAnnotation }: Ownership): ReadonlySet<string> {
  return new Set([
    pointerTo(['metadata', 'labels', releaseLabel]),
    pointerTo(['metadata', 'labels', namespaceLabel]),
    pointerTo(['metadata', 'annotations', appliedAnnotation]),
    pointerTo(['metadata', 'managedFields']),
  ]);
}

/**
 * The ignored fields of `desired` that somebody else owns by now, alone or together with us: if they were sent along with the rest, they
 * would be taken away from that owner. A generator: it yields now and then, so that its caller can let others run.
 */
export function* ignoredOfOthers(
  desired: KubeObject,
  live: KubeObject,
  ignored: IgnoredFields,
  ownership: Pick<Ownership, 'appliedAnnotation' | 'fieldManager'>,
): Generator<undefined, string[]> {
  const managedFields = managedUnshared(live, ownership.fieldManager);
  yield;
  const alone = { ...live, metadata: { ...live.metadata, managedFields } };
  const notOursAlone = yield* outOfSync(desired, alone, ownership);
  return notOursAlone.filter((pointer) => ignored.covers(pointer));
}
