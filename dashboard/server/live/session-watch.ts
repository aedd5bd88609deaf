import { isKubeError, whoAmI, type KubeClient } from '../../../kube/index.ts';

/** How long a stream lives on what its viewer has proved at its beginning; milliseconds. */
export interface SessionTimes {
  /** How often the API server is asked whether it still knows the viewer. */
  readonly checkMs: number;
  /** After so long the page has to ask anew, by which everything is checked anew. */
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
 * nothing any more. Returns what has that checked at once.
 */
export function watchSession(client: KubeClient, { ended, end }: OpenAnswer, times: SessionTimes): () => void {
  let isChecking = false;
  const check = async (): Promise<void> => {
    if (isChecking || ended.aborted) return;
    isChecking = true;
    try {
      await whoAmI(client);
    } catch (error) {
      // Any other failure says nothing about the viewer.
      if (!isKubeError(error, 'Unauthorized')) return;
      end('the cluster does not take this sign-in any more');
    } finally {
      isChecking = false;
    }
  };
  const timer = setInterval(() => void check(), times.checkMs);
  const life = setTimeout(() => end(), times.lifeMs);
  ended.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(life);
  });
  return () => void check();
}
