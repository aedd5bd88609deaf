import { setTimeout as pause } from 'node:timers/promises';
import type { Discovery, Offer } from './discovery.ts';

/** How an offer is followed. */
export interface FollowOptions {
  /** Milliseconds between two readings. */
  intervalMs: number;
  /** Whether anybody wants to know: while nobody does, nothing is read. */
  isWanted: () => boolean;
  /** The offer has changed, and has not changed again since. */
  onChange: (offer: Offer) => void;
  onError: (error: unknown) => void;
}

/** An offer that is followed. */
export interface FollowedOffer {
  /** What the cluster offers, once two readings agree on it; undefined while it is changing. */
  settled(): Promise<Offer | undefined>;
  stop(): void;
}

/** Many definitions are often created one after the other, and servers that are upgraded one by one answer in turns. */
const SETTLE_MS = 5_000;
/** What never settles counts all the same after this many readings. */
const MAX_READINGS = 12;

/**
 * Reads again and again what the cluster offers. A change counts once a second reading, some seconds later, has found the same. What was
 * read first counts at once. Keeps no process alive.
 */
export function followOffer(
  discovery: Pick<Discovery, 'offer' | 'refresh'>,
  { intervalMs, isWanted, onChange, onError }: FollowOptions,
): FollowedOffer {
  const stopped = new AbortController();
  const settleMs = Math.min(SETTLE_MS, intervalMs);
  let known: string | undefined;

  const look = async (): Promise<void> => {
    if (!isWanted()) return;
    await discovery.refresh(settleMs);
    let offer = await discovery.offer();
    if (known === undefined || keyOf(offer) === known) return void (known ??= keyOf(offer));
    for (let reading = 1, before = ''; keyOf(offer) !== before && reading < MAX_READINGS; reading += 1) {
      before = keyOf(offer);
      await pause(settleMs, undefined, { signal: stopped.signal, ref: false });
      await discovery.refresh();
      offer = await discovery.offer();
    }
    if (keyOf(offer) === known) return;
    known = keyOf(offer);
    onChange(offer);
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await pause(intervalMs, undefined, { signal: stopped.signal, ref: false });
      await look().catch((error: unknown) => {
        if (!stopped.signal.aborted) onError(error);
      });
    }
  };
  run().catch(() => undefined);

  return {
    async settled() {
      const offer = await discovery.offer();
      known ??= keyOf(offer);
      return keyOf(offer) === known ? offer : undefined;
    },
    stop: () => stopped.abort(),
  };
}

function keyOf({ digest, kubeVersion: { gitVersion, major, minor }, silentGroups }: Offer): string {
  return JSON.stringify([digest, gitVersion, major, minor, [...silentGroups].sort()]);
}
