import type { ListEvents } from '../../api/index.ts';
import { signal } from '@preact/signals';
import { Stale } from '../live/stale.ts';
import { follow } from '../live/stream.ts';
import type { Stream } from '../live/stream.ts';
import { rowsOf, withChanged, withoutGone } from './rows.ts';
import type { Rows } from './rows.ts';

/** The Releases that the viewer may see; null before the first answer. They stay while another page is shown. */
export const rows = signal<Rows | null>(null);
/** Whether only the first of them are there, and the others are being read. */
export const isPartial = signal(false);
/** How many are not listed, as there are too many. */
export const more = signal(0);
/** Where the viewer may not list, and why; without a namespace, all of them together. */
export const refusals = signal<readonly ListEvents['refused'][]>([]);
/** Why what is shown may be old. */
export const stale = new Stale();

const ofNothing: Rows = new Map();
let followed = '';

/** The namespaces as the server is asked for them. */
export function queryOf(namespaces: readonly string[]): string {
  return namespaces.map((namespace) => `namespace=${encodeURIComponent(namespace)}`).join('&');
}

/** Follows the Releases of some namespaces; of all, where none is named. */
export function followReleases(namespaces: readonly string[]): Stream {
  const query = queryOf(namespaces);
  if (followed !== query) rows.value = null;
  isPartial.value &&= rows.value !== null;
  followed = query;
  refusals.value = [];
  return follow<ListEvents>(query === '' ? '/api/live/releases' : `/api/live/releases?${query}`, {
    first: (data) => {
      if (rows.peek() !== null) return;
      isPartial.value = true;
      rows.value = rowsOf(data);
    },
    snapshot: (data) => {
      isPartial.value = false;
      rows.value = rowsOf(data.releases);
      more.value = data.more ?? 0;
      stale.forget();
    },
    changed: (data) => {
      rows.value = withChanged(rows.peek() ?? ofNothing, data);
      stale.forget();
    },
    gone: (data) => {
      rows.value = withoutGone(rows.peek() ?? ofNothing, data);
    },
    refused: (data) => {
      refusals.value = [...refusals.peek().filter(({ namespace }) => namespace !== data.namespace), data];
      rows.value ??= ofNothing;
    },
    stale: ({ message }) => stale.say(message),
    ended: ({ message }) => stale.stay(message),
  });
}
