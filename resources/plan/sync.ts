import { elementFinder, merged } from '../fields/field-set.ts';
import { escapedKey, isMap, pointerTo, valueAt, type JsonMap } from '../json/json.ts';
import { unpacked } from '../json/packed.ts';
import type { Ownership } from '../owner.ts';
import { isAppliedBy } from '../owner.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../types.ts';

/** Who owns a node of the object: what our manager and what all others list there; `{}` is a leaf, or a map or list owned as a whole. */
interface Owners {
  ours: FieldSet | undefined;
  others: FieldSet | undefined;
}

/** How a desired object is compared with the live one; see `outOfSync`. */
export type Compare = (
  desired: KubeObject,
  live: KubeObject,
  ownership: Pick<Ownership, 'appliedAnnotation' | 'fieldManager'>,
  unownable: readonly string[],
) => Generator<undefined, string[]>;

/**
 * The JSON pointers of the fields of `desired` that the cluster does not hold on our behalf; empty means that an apply would change
 * nothing. A field is held while our field manager owns it: whoever sets it to another value, or removes it, takes the ownership away. The
 * annotation with the digest shows whether `desired` is what was applied last. Paths in `unownable` are left out. A generator: it yields
 * now and then, and after it has read what may be packed, so that its caller can let others run.
 */
export function* outOfSync(
  desired: KubeObject,
  live: KubeObject,
  ownership: Pick<Ownership, 'appliedAnnotation' | 'fieldManager'>,
  unownable: readonly string[] = [],
): Generator<undefined, string[]> {
  const digest = ['metadata', 'annotations', ownership.appliedAnnotation];
  const stale = valueAt(live, ...digest) === valueAt(desired, ...digest) ? [] : [pointerTo(digest)];
  const owners = ownersOf(live, ownership.fieldManager);
  yield;
  const fields = unpacked(listedFields(desired));
  yield;
  const lost = yield* lostFields(fields, owners, '');
  const ignored = new Set(unownable);
  return [...new Set([...stale, ...lost])].filter((path) => !ignored.has(path));
}

/** The object without the fields that every object has and managedFields never lists. */
function listedFields(object: KubeObject): JsonMap {
  const { apiVersion: _, kind: __, metadata, ...fields } = object;
  const { name: ___, namespace: ____, ...listed } = metadata;
  return { metadata: listed, ...fields };
}

function ownersOf(live: KubeObject, manager: string): Owners {
  const entries = live.metadata.managedFields ?? [];
  const setsOf = (chosen: ManagedFieldsEntry[]): FieldSet[] => chosen.flatMap(({ fieldsV1 }) => fieldsV1 ?? []);
  return {
    ours: merged(setsOf(entries.filter((entry) => isAppliedBy(entry, manager)))),
    others: merged(setsOf(entries.filter((entry) => !isAppliedBy(entry, manager)))),
  };
}

const NOTHING: readonly string[] = [];
/** How many fields or items are compared before others may run. */
const STEPS_A_TURN = 1_000;

type Lost = Generator<undefined, readonly string[]>;

/** `path` is the JSON pointer of `value`. */
function* lost(value: unknown, owners: Owners, path: string): Lost {
  const { ours, others } = owners;
  if (asksForNothing(value, owners)) return NOTHING;
  // An empty map has to be there (`emptyDir: {}`), but whoever fills it in may own it.
  if (isEmpty(value)) return (ours ?? others) ? NOTHING : [path];
  // Where others share a map, our `{}` means that we own that it is there, not what is in it.
  if (isSharedByOthers(value, others)) return yield* lostFields(value, owners, path);
  if (ours === undefined) return [path];
  if (isEmpty(ours)) return NOTHING;
  if (Array.isArray(value)) return yield* lostItems(value, owners, path);
  return isMap(value) ? yield* lostFields(value, owners, path) : NOTHING;
}

/** Whether others own fields of a map one by one: then so do we. */
function isSharedByOthers(value: unknown, others: FieldSet | undefined): value is JsonMap {
  return isMap(value) && others !== undefined && !isEmpty(others);
}

/**
 * An empty list has no owner if its items are owned one by one, and neither has a null that the server drops. A null is lost where
 * somebody else set the field.
 */
function asksForNothing(value: unknown, { others }: Owners): boolean {
  if (value === null) return others === undefined;
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function* lostFields(map: JsonMap, owners: Owners, path: string): Lost {
  const fields = Object.keys(map);
  return yield* gathered(fields, (key) => lost(map[key], below(owners, `f:${key}`), `${path}/${escapedKey(key)}`));
}

function* lostItems(items: readonly unknown[], owners: Owners, path: string): Lost {
  const { ours = {}, others = {} } = owners;
  const elements = [...new Set([...Object.keys(ours), ...Object.keys(others)])];
  if (elements.length > STEPS_A_TURN) yield;
  const elementsOf = elementFinder(elements);
  if (elements.length > STEPS_A_TURN) yield;
  return yield* gathered(items, function* (item, index): Lost {
    const here = `${path}/${index}`;
    // An item that leaves a key to its default may fit several elements; the one that holds most of it is meant.
    let least: readonly string[] | undefined;
    for (const element of elementsOf(item, index)) {
      const found = yield* lost(item, below(owners, element), here);
      if (least === undefined || found.length < least.length) least = found;
    }
    return least ?? [here];
  });
}

/** As flatMap; where nothing is lost, which is nearly always, it allocates no list. */
function* gathered<T>(parts: readonly T[], lostOf: (part: T, index: number) => Lost): Lost {
  let all: string[] | undefined;
  for (const [index, part] of parts.entries()) {
    if (index % STEPS_A_TURN === STEPS_A_TURN - 1) yield;
    const found = yield* lostOf(part, index);
    for (const path of found) (all ??= []).push(path);
  }
  return all ?? NOTHING;
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}

function below({ ours, others }: Owners, element: string): Owners {
  return { ours: childOf(ours, element), others: childOf(others, element) };
}

function childOf(set: FieldSet | undefined, element: string): FieldSet | undefined {
  return set !== undefined && Object.hasOwn(set, element) ? set[element] : undefined;
}
