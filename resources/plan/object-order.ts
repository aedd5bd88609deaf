import { textAt } from '../json/json.ts';
import { keyOf, keyOfObject, refOf, titleOf, titleOfObject } from '../reference.ts';
import type { KubeObject, ObjectRef } from '../types.ts';
import { cycleIn, pushTo } from './cycles.ts';
import type { Refusal } from './guard.ts';
import type { Plan, PlannedWrite } from './plan.ts';

/** The annotations by which an object says what goes before it. */
export interface OrderAnnotations {
  /** Holds `Kind/name` or `Kind.group/name`, with commas between them. */
  readonly dependsOn: string;
  /** Holds a whole number; objects of a lower weight, 0 where there is none, go first. */
  readonly weight: string;
}

/** What goes before what, by key of the reference. */
export interface ObjectOrder {
  /** Of each object that names any: the keys of those that it names. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Of groups, the highest of their objects. */
  readonly weights: ReadonlyMap<string, number>;
  /** The keys of the objects of groups that are needed, by name; a group of groups has their names. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly titles: ReadonlyMap<string, string>;
}

/** Objects that are waited for together. */
export interface ObjectGroups {
  /** The keys of the objects of each group, by its name, which is also its title; or the names of groups that stand before it. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** The names of the groups that an object comes after, by its key. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

/** What to do of a plan now, and the objects whose writes have to wait for others. */
export interface OrderedPlan {
  readonly plan: Plan;
  readonly held: readonly HeldObject[];
}

/** An object that waits, and `Kind/name` of what it waits for. */
export interface HeldObject {
  readonly ref: ObjectRef;
  readonly awaited: string;
}

const WEIGHT = /^[+-]?\d{1,9}$/;
/** How many objects one can name, and how long the names may be together; what is longer is refused, and not read. */
const MAX_NEEDS = 100;
const MAX_CHARS = 10_000;

/**
 * The order of objects, by their annotations and by groups of them; undefined if none says anything. Names of objects that are not among
 * them are left out.
 */
export function orderOf(
  objects: readonly KubeObject[],
  annotations: OrderAnnotations,
  { members: groups, needs: groupNeeds }: ObjectGroups = NO_GROUPS,
): ObjectOrder | undefined {
  const asking = objects.filter((object) => isOrdered(object, annotations));
  if (asking.length === 0 && groupNeeds.size === 0) return undefined;
  const named = namesOf(objects);
  const needs = new Map<string, readonly string[]>(groupNeeds);
  for (const object of asking) {
    const key = keyOfObject(object);
    const objectNeeds = needsOf(object, annotations).flatMap((name) => named.get(name) ?? []);
    needs.set(key, [...new Set([...objectNeeds, ...(needs.get(key) ?? [])])]);
  }
  const weights = new Map(objects.map((object) => [keyOfObject(object), weightOf(object, annotations) ?? 0]));
  const titles = new Map(objects.map((object) => [keyOfObject(object), titleOfObject(object)]));
  for (const [name, keys] of groups) {
    titles.set(name, name);
    weights.set(
      name,
      keys.reduce((most, key) => Math.max(most, weights.get(key) ?? 0), -Infinity),
    );
  }
  return { needs, weights, groups, titles };
}

const NO_GROUPS: ObjectGroups = { members: new Map(), needs: new Map() };

function isOrdered(object: KubeObject, { dependsOn, weight }: OrderAnnotations): boolean {
  return annotationOf(object, dependsOn) !== undefined || annotationOf(object, weight) !== undefined;
}

function annotationOf(object: KubeObject, name: string): string | undefined {
  return textAt(object, 'metadata', 'annotations', name);
}

/** The names that an object gives, each once; none where they are too many. */
function needsOf(object: KubeObject, { dependsOn }: OrderAnnotations): string[] {
  const text = annotationOf(object, dependsOn) ?? '';
  const names = text.length > MAX_CHARS ? [] : text.split(',').map((name) => name.trim());
  const distinct = new Set(names.filter((name) => name !== ''));
  return distinct.size > MAX_NEEDS ? [] : [...distinct];
}

function namesTooMany(object: KubeObject, annotations: OrderAnnotations): boolean {
  const isGiven = /[^\s,]/.test(annotationOf(object, annotations.dependsOn) ?? '');
  return isGiven && needsOf(object, annotations).length === 0;
}

/** 0 where the object names none; undefined where it is no whole number. */
function weightOf(object: KubeObject, { weight }: OrderAnnotations): number | undefined {
  const text = annotationOf(object, weight) ?? '0';
  return WEIGHT.test(text.trim()) ? Number(text) : undefined;
}

/** The keys of objects by each name that they can be called. */
function namesOf(objects: readonly KubeObject[]): Map<string, string[]> {
  const named = new Map<string, string[]>();
  for (const object of objects) {
    const ref = refOf(object);
    const { kind, group, name } = ref;
    for (const title of [`${kind}/${name}`, `${kind}.${group}/${name}`]) pushTo(named, title, keyOf(ref));
  }
  return named;
}

/**
 * Why the order that objects ask for cannot be kept: a name that no object has, too many names, an invalid weight, a cycle. The objects
 * have to be distinct, and to have names.
 */
export function orderRefusals(
  objects: readonly KubeObject[],
  annotations: OrderAnnotations,
  groups?: ObjectGroups,
): Refusal[] {
  const order = orderOf(objects, annotations, groups);
  if (!order) return [];
  const named = namesOf(objects);
  const refusals = objects.flatMap((object) => {
    const messages = [...needsRefusals(object, annotations, named), ...weightRefusals(object, annotations, order)];
    const ref = refOf(object);
    return messages.map((message): Refusal => ({ ref, code: 'Malformed', message: `${titleOf(ref)} ${message}` }));
  });
  return refusals.length > 0 ? refusals : cycleRefusals(objects, order);
}

function needsRefusals(
  object: KubeObject,
  annotations: OrderAnnotations,
  named: ReadonlyMap<string, readonly string[]>,
): string[] {
  if (namesTooMany(object, annotations)) {
    return [
      `names more than ${MAX_NEEDS} objects, or in more than ${MAX_CHARS} characters, in ${annotations.dependsOn}`,
    ];
  }
  const unknown = needsOf(object, annotations).filter((name) => !named.has(name));
  return unknown.map(
    (name) =>
      `depends on ${name}, which the chart does not have: name an object as Kind/name or Kind.group/name in ${annotations.dependsOn}`,
  );
}

function weightRefusals(object: KubeObject, annotations: OrderAnnotations, order: ObjectOrder): string[] {
  if (weightOf(object, annotations) === undefined) return [`has a ${annotations.weight} that is not a whole number`];
  const key = keyOfObject(object);
  const later = order.needs.get(key)?.find((need) => weightIn(order, need) > weightIn(order, key));
  return later === undefined
    ? []
    : [`depends on ${order.titles.get(later)}, which its higher weight puts after it: change one of the two`];
}

function weightIn({ weights }: ObjectOrder, key: string): number {
  return weights.get(key) ?? 0;
}

function cycleRefusals(objects: readonly KubeObject[], order: ObjectOrder): Refusal[] {
  const cycle = cycleIn(new Map([...order.needs, ...order.groups]));
  if (!cycle) return [];
  const object = objects.find((one) => cycle.includes(keyOfObject(one)));
  const path = cycle.map((key) => order.titles.get(key)).join(' -> ');
  const message = `objects depend on each other: ${path}: remove one of these dependencies`;
  return object ? [{ ref: refOf(object), code: 'Malformed', message }] : [];
}

/**
 * A plan without the writes of objects that wait: those that need an object, or are heavier than one, that has still to be written, is
 * being deleted or refused, or is not ready. While any waits nothing is deleted: what it replaces may still be needed.
 */
export function inObjectOrder(plan: Plan, order: ObjectOrder, isReady: (key: string) => boolean): OrderedPlan {
  const undone = new Set([
    ...plan.writes.filter(({ type }) => type !== 'delete').map(({ ref }) => keyOf(ref)),
    ...[...plan.waiting, ...plan.refusals.map(({ ref }) => ref)].map(keyOf),
  ]);
  const known = new Map<string, boolean>();
  const isDone = (key: string): boolean => {
    const members = order.groups.get(key);
    const done = known.get(key) ?? (members ? members.every(isDone) : !undone.has(key) && isReady(key));
    known.set(key, done);
    return done;
  };
  // A group is searched once, and not for each object that comes after it.
  const found = new Map<string, string>();
  const firstUndone = (key: string): string => {
    const known = found.get(key);
    if (known !== undefined) return known;
    const member = order.groups.get(key)?.find((one) => !isDone(one));
    const first = member === undefined ? key : firstUndone(member);
    found.set(key, first);
    return first;
  };
  const lightest = lightestOf(order, isDone);
  const ordered = heldBack(plan, order, (write) => {
    if (write.type === 'delete') return undefined;
    const key = keyOf(write.ref);
    if (lightest && weightIn(order, key) > lightest.weight) return lightest.key;
    const need = order.needs.get(key)?.find((one) => !isDone(one));
    return need === undefined ? undefined : firstUndone(need);
  });
  if (ordered.held.length === 0) return ordered;
  const writes = ordered.plan.writes.filter(({ type }) => type !== 'delete');
  return { ...ordered, plan: { ...plan, writes } };
}

/** The lightest object that is not done. Only where weights differ does any object wait for it. */
function lightestOf(
  { weights }: ObjectOrder,
  isDone: (key: string) => boolean,
): { key: string; weight: number } | undefined {
  const distinct = new Set(weights.values());
  if (distinct.size < 2) return undefined;
  const heaviest = Math.max(...distinct);
  let lightest: { key: string; weight: number } | undefined;
  for (const [key, weight] of weights) {
    if (weight === heaviest || (lightest && lightest.weight <= weight) || isDone(key)) continue;
    lightest = { key, weight };
  }
  return lightest;
}

/**
 * A plan that deletes, the other way round: an object stays until those that need it, or are heavier, are gone; but not for one that is
 * itself kept by what uses it. If none could go, which no order can mean, all do.
 */
export function inReverseOrder(plan: Plan, order: ObjectOrder, isInUse: (ref: ObjectRef) => boolean): Plan {
  const refs = [...plan.writes.map(({ ref }) => ref), ...plan.waiting.filter((ref) => !isInUse(ref))];
  const present = new Set(refs.map(keyOf));
  const neededBy = new Map<string, string>();
  for (const [key, names] of order.needs) if (present.has(key)) for (const name of names) neededBy.set(name, key);
  for (const [name, keys] of [...order.groups].toReversed()) {
    const key = neededBy.get(name);
    if (key !== undefined) for (const member of keys) neededBy.set(member, key);
  }
  const heaviest = refs.map(keyOf).reduce<string | undefined>((best, key) => {
    return best === undefined || weightIn(order, key) > weightIn(order, best) ? key : best;
  }, undefined);
  const { plan: ordered } = heldBack(plan, order, ({ ref }) => {
    const key = keyOf(ref);
    if (heaviest !== undefined && weightIn(order, key) < weightIn(order, heaviest)) return heaviest;
    return neededBy.get(key);
  });
  return ordered.writes.length === 0 && plan.waiting.length === 0 ? plan : ordered;
}

function heldBack(
  plan: Plan,
  { titles }: ObjectOrder,
  awaitedBy: (write: PlannedWrite) => string | undefined,
): OrderedPlan {
  const held: HeldObject[] = [];
  const writes = plan.writes.filter((write) => {
    const awaited = awaitedBy(write);
    if (awaited !== undefined) held.push({ ref: write.ref, awaited: titles.get(awaited) ?? awaited });
    return awaited === undefined;
  });
  return { plan: { ...plan, writes }, held };
}
