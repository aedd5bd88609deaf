import type { ReleaseEvents, ReleaseName, ReleaseView } from '../../api/index.ts';
import { signal } from '@preact/signals';
import { now } from '../live/clock.ts';
import { Stale } from '../live/stale.ts';
import { follow } from '../live/stream.ts';
import type { Stream } from '../live/stream.ts';
import { NO_TIMES, withPhase } from './phase-times.ts';
import { RECENT_MS } from './recent/recent.ts';
import { withRestarts } from './recent/restarts.ts';
import type { KnownRestarts } from './recent/restarts.ts';

/** The Release that is shown; null before the first answer. */
export const view = signal<ReleaseView | null>(null);
/** That it is not there, in words. */
export const gone = signal<string | null>(null);
/** Why the viewer may not see it. */
export const refused = signal<string | null>(null);
/** Why what is shown may be old. */
export const stale = new Stale();

/** How long the phases of its operation took, as far as they were seen here. */
export const phaseTimes = signal(NO_TIMES);

/** When its containers began anew, as far as that was seen here or before. */
export const restarts = signal<KnownRestarts>(new Map());

/** Follows a Release with all that hangs on it. */
export function followRelease({ namespace, name }: ReleaseName): Stream {
  view.value = null;
  gone.value = null;
  refused.value = null;
  stale.forget();
  phaseTimes.value = NO_TIMES;
  restarts.value = new Map();
  const stream = follow<ReleaseEvents>(
    `/api/live/releases/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`,
    {
      release: (data) => {
        view.value = data;
        phaseTimes.value = withPhase(phaseTimes.peek(), data.operation, Date.now());
        restarts.value = withRestarts(restarts.peek(), data.tree, now.peek() - RECENT_MS);
        gone.value = null;
        stale.forget();
      },
      gone: ({ message }) => {
        gone.value = message;
      },
      refused: ({ message }) => {
        refused.value = message;
        stream.end();
      },
      stale: ({ message }) => stale.say(message),
      ended: ({ message }) => stale.stay(message),
    },
  );
  return stream;
}
