import { isKubeError, whoAmI } from '../../../kube/index.ts';
import type { Identity } from '../sign-in/identity.ts';

/** How long a stream lives on what its viewer has proved at its beginning; milliseconds. */
export interface SessionTimes {
  /** The API server is asked so often whether it still knows the viewer. */
  readonly checkMs: number;
  /** How long a stream lives at most; the page then opens it anew, and has to prove again who it is. */
  readonly lifeMs: number;
}

/** What streams do unless something else is said. */
export const SESSION_TIMES: SessionTimes = { checkMs: 30_000, lifeMs: 15 * 60_000 };

/** An answer that goes on. */
export interface OpenAnswer {
  /** Aborts once nobody reads any more, or it was closed. */
  readonly ended: AbortSignal;
  /** Ends it, and says why where there is a way to. */
  readonly end: (why?: string) => void;
}

/**
 * Ends an answer once the API server no longer knows its viewer: a watch goes on when the token that began it is worth
 * nothing any more. So it does when the session ends by itself; where that can be renewed it only ends, as the page
 * asks anew then. Returns what has that checked at once.
 */
export function watchSession(
  { client, ends }: Pick<Identity, 'client' | 'ends'>,
  { ended, end }: OpenAnswer,
  times: SessionTimes,
): () => void {
  const over = (): void =>
    ends?.isRenewable === true ? end() : end('the cluster does not take this sign-in any more');
  let isChecking = false;
  const check = async (): Promise<void> => {
    if (isChecking || ended.aborted) return;
    isChecking = true;
    try {
      await whoAmI(client);
    } catch (error) {
      // Any other failure says nothing about the viewer.
      if (!isKubeError(error, 'Unauthorized')) return;
      over();
    } finally {
      isChecking = false;
    }
  };
  const timer = setInterval(() => void check(), times.checkMs);
  const ownMs = ends === undefined ? Infinity : ends.at - Date.now();
  const life = ownMs < times.lifeMs ? setTimeout(over, ownMs) : setTimeout(() => end(), times.lifeMs);
  ended.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(life);
  });
  return () => void check();
}
