import type { ReleaseEvents, ReleaseName, ReleaseView } from '../../api/index.ts';
import { signal } from '@preact/signals';
import { follow } from '../live/stream.ts';
import type { Stream } from '../live/stream.ts';

/** The Release that is shown; null before the first answer. */
export const view = signal<ReleaseView | null>(null);
/** That it was deleted, in words. */
export const gone = signal<string | null>(null);
/** Why what is shown may be old. */
export const stale = signal<string | null>(null);

/** Follows a Release with all that hangs on it. */
export function followRelease({ namespace, name }: ReleaseName): Stream {
  view.value = null;
  gone.value = null;
  stale.value = null;
  return follow<ReleaseEvents>(`/api/live/releases/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`, {
    release: (data) => {
      view.value = data;
      gone.value = null;
      stale.value = null;
    },
    gone: ({ message }) => {
      gone.value = message;
    },
    refused: ({ message }) => {
      gone.value = message;
    },
    stale: ({ message }) => {
      stale.value = message;
    },
    ended: ({ message }) => {
      stale.value = message;
    },
  });
}
