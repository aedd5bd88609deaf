import type { HealthColour, InventoryEntry } from '../../crds/index.ts';
import { apiVersionOf } from '../../kube/index.ts';
import { keyOf, outOfSync, type KubeObject, type ObjectRef } from '../../resources/index.ts';
import { OWNERSHIP } from '../pass/ownership.ts';
import type { Desired } from './desired.ts';

/** The health of an object whose kind is not served, or not in the version that it was applied in. */
export interface Unserved {
  health: HealthColour;
  message: string;
}

/**
 * The entries of the inventory that cannot be corrected, by key. If their kind is served in no version at all, they cannot be seen or
 * deleted either. The version in force still has them; what is `unreachable` may still exist. A generator: it yields after each object that
 * it compares, so that its caller can let others run.
 */
export function* unservedIn(
  desired: Desired,
  inventory: readonly InventoryEntry[],
  unreachable: ReadonlySet<string>,
  live: (ref: ObjectRef) => KubeObject | undefined,
): Generator<undefined, ReadonlyMap<string, Unserved>> {
  const wanted = new Map(desired.unserved.map((object) => [nameOf(object.kind, object.metadata.name), object]));
  const found = new Map<string, Unserved>();
  for (const entry of inventory) {
    const key = keyOf(entry);
    const object = wanted.get(nameOf(entry.kind, entry.name));
    if (unreachable.has(key)) found.set(key, unseen(entry));
    else if (object) found.set(key, yield* unrepairable(entry, object, live(entry)));
  }
  return found;
}

function nameOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

function unseen({ group, kind }: InventoryEntry): Unserved {
  const message = `cannot be seen: the cluster serves no version of ${kind} in ${group} at present`;
  return { health: 'Yellow', message };
}

function* unrepairable(
  entry: InventoryEntry,
  desired: KubeObject,
  live: KubeObject | undefined,
): Generator<undefined, Unserved> {
  const cause = `the cluster no longer serves ${entry.kind} in ${apiVersionOf(entry)}`;
  const advice = 'change the chart to a version of the API that the cluster serves';
  if (live === undefined)
    return { health: 'Red', message: `not found, and cannot be created again: ${cause}; ${advice}` };
  const [lost] = yield* outOfSync(desired, live, OWNERSHIP);
  const drift = lost === undefined ? 'can no longer be corrected' : `has drifted at ${lost}, and cannot be corrected`;
  return { health: 'Yellow', message: `${drift}: ${cause}; ${advice}` };
}
