import type { HealthColour, InventoryEntry } from '../../crds/index.ts';
import { apiVersionOf } from '../../kube/index.ts';
import { keyOf, outOfSync, type KubeObject, type ObjectRef } from '../../resources/index.ts';
import { OWNERSHIP } from '../pass/ownership.ts';
import type { Desired } from './desired.ts';

/** How an object fares whose kind is not served, or not in the version that it was applied in. */
export interface Unserved {
  health: HealthColour;
  message: string;
}

/**
 * What of the inventory can neither be put right nor, where its kind is served in no version at all, be seen or deleted, by key. The
 * version in force has it as it always was; what is `unreachable` may still be there.
 */
export function unservedIn(
  desired: Desired,
  inventory: readonly InventoryEntry[],
  unreachable: ReadonlySet<string>,
  live: (ref: ObjectRef) => KubeObject | undefined,
): ReadonlyMap<string, Unserved> {
  const wanted = new Map(desired.unserved.map((object) => [nameOf(object.kind, object.metadata.name), object]));
  const found = inventory.flatMap((entry): [string, Unserved][] => {
    const key = keyOf(entry);
    const object = wanted.get(nameOf(entry.kind, entry.name));
    if (unreachable.has(key)) return [[key, unseen(entry)]];
    return object === undefined ? [] : [[key, unrepairable(entry, object, live(entry))]];
  });
  return new Map(found);
}

function nameOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}

function unseen({ group, kind }: InventoryEntry): Unserved {
  const message = `cannot be seen: the cluster serves no version of ${kind} in ${group} at present`;
  return { health: 'Yellow', message };
}

function unrepairable(entry: InventoryEntry, desired: KubeObject, live: KubeObject | undefined): Unserved {
  const cause = `the cluster no longer serves ${entry.kind} in ${apiVersionOf(entry)}`;
  const advice = 'have the chart use a version that it serves';
  if (live === undefined)
    return { health: 'Red', message: `not found, and cannot be created again: ${cause}; ${advice}` };
  const lost = outOfSync(desired, live, OWNERSHIP)[0];
  const drift = lost === undefined ? 'can no longer be corrected' : `has drifted at ${lost}, and cannot be corrected`;
  return { health: 'Yellow', message: `${drift}: ${cause}; ${advice}` };
}
