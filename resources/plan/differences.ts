import { isMap, pointerTo, textAt } from '../json/json.ts';

/** A place in two states of an object, of which one may lack it; a position in a list may differ between them. */
interface Place {
  before: unknown;
  after: unknown;
  keyBefore: string | number;
  keyAfter: string | number;
  parent: Place | undefined;
}

/** A place at which two states differ; `before` or `after` is undefined where it is in one of them only. */
export type Difference = Readonly<Place>;

/** The keys by which list items are told apart; the first that all items of a list have wins. */
const ITEM_KEYS = ['name', 'mountPath', 'containerPort', 'port', 'key', 'topologyKey', 'ip', 'host'];

/** How many items or keys are looked at before the caller is given a chance to let others run. */
const STEPS_A_TURN = 1_000;

type Turns<T = void> = Generator<undefined, T>;

/**
 * Walks two states of one object side by side, in time that grows with their size and to any depth: yields each difference in the
 * order of keys, and undefined now and then. Items of a list are matched by their name or key, so that one more container is one
 * difference, not one for each container behind it.
 */
export function* differencesBetween(before: unknown, after: unknown): Generator<Difference | undefined, void> {
  const open = [[{ before, after, keyBefore: '', keyAfter: '', parent: undefined }].values() as Iterator<Place>];
  for (let steps = 1; ; steps += 1) {
    const below = open.at(-1);
    if (below === undefined) return;
    if (steps % STEPS_A_TURN === 0) yield undefined;
    const { value: place, done } = below.next();
    if (done === true) open.pop();
    else if (place.before !== place.after) {
      const inside = yield* placesIn(place);
      if (inside) open.push(inside);
      else yield place;
    }
  }
}

/** The JSON pointer of a difference: its positions are those in the later state, or, for what is gone, in the earlier one. */
export function pathOf(difference: Difference): string {
  const isGone = difference.after === undefined;
  const keys: (string | number)[] = [];
  for (let place: Place = difference; place.parent !== undefined; place = place.parent) {
    keys.push(isGone ? place.keyBefore : place.keyAfter);
  }
  return pointerTo(keys.toReversed());
}

/** What is to be compared inside two maps or two lists; undefined where the values differ as a whole. */
function* placesIn(place: Place): Turns<Iterator<Place> | undefined> {
  const { before, after } = place;
  if (isMap(before) && isMap(after)) return entriesOf(place, before, after);
  return Array.isArray(before) && Array.isArray(after) ? yield* itemsOf(place, before, after) : undefined;
}

function* entriesOf(parent: Place, before: Record<string, unknown>, after: Record<string, unknown>): Iterator<Place> {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of [...keys].toSorted()) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    const now = Object.hasOwn(after, key) ? after[key] : undefined;
    yield { before: old, after: now, keyBefore: key, keyAfter: key, parent };
  }
}

/** The items of two lists side by side; undefined where only the items of one list have names. */
function* itemsOf(
  parent: Place,
  before: readonly unknown[],
  after: readonly unknown[],
): Turns<Iterator<Place> | undefined> {
  const old = yield* itemNames(before);
  const now = yield* itemNames(after);
  if (old === undefined && now === undefined) return pairsByPosition(parent, before, after);
  return old && now && pairsByName(parent, [before, old], [after, now]);
}

function* pairsByPosition(parent: Place, before: readonly unknown[], after: readonly unknown[]): Iterator<Place> {
  for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
    yield { before: before[at], after: after[at], keyBefore: at, keyAfter: at, parent };
  }
}

/** The items of a list, and their positions by name. */
type Named = readonly [items: readonly unknown[], positions: ReadonlyMap<string, number>];

function* pairsByName(parent: Place, [before, old]: Named, [after, now]: Named): Iterator<Place> {
  for (const [name, keyAfter] of now) {
    const keyBefore = old.get(name) ?? -1;
    yield { before: before[keyBefore], after: after[keyAfter], keyBefore, keyAfter, parent };
  }
  for (const [name, keyBefore] of old) {
    // An item that is still there is no difference, but it is a step: not too many may be taken at once.
    const item = before[keyBefore];
    yield { before: item, after: now.has(name) ? item : undefined, keyBefore, keyAfter: -1, parent };
  }
}

/** A distinct name for every item, with its position; undefined where the items have none. */
function* itemNames(items: readonly unknown[]): Turns<Map<string, number> | undefined> {
  for (const key of items.length === 0 ? [] : ITEM_KEYS) {
    const names = new Map<string, number>();
    for (const [position, item] of items.entries()) {
      const name = nameOfItem(item, key);
      if (name === undefined || names.has(name)) break;
      names.set(name, position);
      if (position % STEPS_A_TURN === STEPS_A_TURN - 1) yield undefined;
    }
    if (names.size === items.length) return names;
  }
  return undefined;
}

/** Ports of the same number differ by protocol. */
function nameOfItem(item: unknown, key: string): string | undefined {
  const name = isMap(item) && Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof name !== 'string' && typeof name !== 'number') return undefined;
  return key.endsWith('ort') ? `${name}/${textAt(item, 'protocol') ?? 'TCP'}` : `${name}`;
}
