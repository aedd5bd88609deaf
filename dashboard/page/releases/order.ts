import type { ReleaseRow } from '../../api/index.ts';
import { rankOf } from './filter.ts';
import { keyOf } from './rows.ts';

/** How the Releases of a tenant follow each other. */
export const ORDERS = ['trouble', 'name', 'changed'] as const;

/** One of them. */
export type Order = (typeof ORDERS)[number];

/** The Releases of one tenant, in their order. */
export interface Group {
  readonly tenant: string;
  readonly rows: readonly ReleaseRow[];
}

/** Which of two Releases stands first. */
function compareBy(order: Order): (left: ReleaseRow, right: ReleaseRow) => number {
  if (order === 'trouble') return (left, right) => rankOf(left.health) - rankOf(right.health) || byName(left, right);
  if (order === 'changed') return (left, right) => compareTexts(right.changed, left.changed) || byName(left, right);
  return byName;
}

/** The places of Releases as somebody reads them: a Release keeps its own, however it changes, until they are ordered anew. */
export type Places = ReadonlyMap<string, ReleaseRow>;

/** Places for Releases as they are now. */
export function placesOf(rows: Iterable<ReleaseRow>): Places {
  return new Map([...rows].map((row) => [keyOf(row), row]));
}

/** The places that were held, and those of Releases that came since. */
export function heldPlaces(held: Places, rows: Iterable<ReleaseRow>): Places {
  return new Map([...rows].map((row) => [keyOf(row), held.get(keyOf(row)) ?? row]));
}

/** The Releases by tenant, in the order of the states that their places were given for; with trouble first, its tenants come first. */
export function grouped(rows: readonly ReleaseRow[], order: Order, places: Places): readonly Group[] {
  const compare = compareBy(order);
  const placed = (row: ReleaseRow): ReleaseRow => places.get(keyOf(row)) ?? row;
  const worst = ({ rows: own }: Group): number => {
    const [first] = own;
    return order === 'trouble' && first !== undefined ? rankOf(placed(first).health) : 0;
  };
  return [...Map.groupBy(rows, ({ tenant }) => tenant)]
    .map(([tenant, own]) => ({ tenant, rows: own.toSorted((left, right) => compare(placed(left), placed(right))) }))
    .toSorted((left, right) => worst(left) - worst(right) || compareTexts(left.tenant, right.tenant));
}

/** How many Releases would stand elsewhere if they were ordered anew. */
export function displaced(groups: readonly Group[], order: Order): number {
  const compare = compareBy(order);
  return groups.reduce((sum, { rows }) => {
    const sorted = rows.toSorted(compare);
    return sum + rows.filter((row, index) => row !== sorted[index]).length;
  }, 0);
}

function byName(left: ReleaseRow, right: ReleaseRow): number {
  return compareTexts(left.namespace, right.namespace) || compareTexts(left.name, right.name);
}

/** By code units: the same for all viewers, and fast. */
function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
