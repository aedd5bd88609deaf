import { batch, computed, effect, signal } from '@preact/signals';
import { goTo, parameters, place } from '../shell/place.ts';
import { withQuery } from '../shell/route.ts';
import { countsOf, facetsIn, withFacets, withText } from './filter.ts';
import type { Facet } from './filter.ts';
import { rows } from './live-list.ts';
import { ORDERS, displaced, grouped, heldPlaces, placesOf } from './order.ts';
import type { Order, Places } from './order.ts';
import { linesOf } from './list-lines.ts';

const ofNothing = new Map<string, never>();

/** What is asked for: it is in the address, so that it can be shared and gone back to. */
export const asked = computed(() => ({
  text: parameters.value.get('q') ?? '',
  facets: facetsIn(parameters.value.get('only') ?? ''),
  order: orderIn(parameters.value.get('order')),
  namespaces: (parameters.value.get('in') ?? '').split(',').filter(Boolean),
}));

/** The tenants whose Releases are folded away. */
export const closed = signal<ReadonlySet<string>>(new Set());

const places = signal<Places>(ofNothing);
let placedFor: Order | undefined;

// Places are given anew when another order is asked for; else they are held, while colours and reasons change.
effect(() => {
  const all = (rows.value ?? ofNothing).values();
  const { order } = asked.value;
  places.value = order === placedFor ? heldPlaces(places.peek(), all) : placesOf(all);
  placedFor = order;
});

const texted = computed(() => withText([...(rows.value ?? ofNothing).values()], asked.value.text));

/** How many Releases have which state, of those in which the text occurs. */
export const counts = computed(() => countsOf(texted.value));
const groups = computed(() => {
  const { facets, order } = asked.value;
  return grouped(withFacets(texted.value, facets), order, places.value);
});
/** How many would stand elsewhere if they were ordered anew. */
export const moved = computed(() => displaced(groups.value, asked.value.order));
/** The lines of the list. */
export const lines = computed(() => linesOf(groups.value, closed.value));
/** How many Releases are shown. */
export const shown = computed(() => groups.value.reduce((sum, group) => sum + group.rows.length, 0));

/** Orders the list by what the Releases are now. */
export function orderAnew(): void {
  places.value = placesOf((rows.value ?? ofNothing).values());
}

/** Asks for others; what is left out stays as it is. */
export function askFor(change: {
  text?: string;
  facets?: readonly Facet[];
  order?: Order;
  namespaces?: readonly string[];
}): void {
  const { text, facets, order, namespaces } = { ...asked.value, ...change };
  const only = facets.join(',');
  const query = { q: text, only, order: order === ORDERS[0] ? undefined : order, in: namespaces.join(',') };
  batch(() => goTo(withQuery(place.value.path, query), 'replace'));
}

/** Folds the Releases of a tenant away, or back. */
export function toggleTenant(tenant: string): void {
  const next = new Set(closed.value);
  if (!next.delete(tenant)) next.add(tenant);
  closed.value = next;
}

function orderIn(text: string | null): Order {
  return ORDERS.find((order) => order === text) ?? ORDERS[0];
}
