import { isKubeError, whoAmI, type KubeClient } from '../../../kube/index.ts';
import type { EventStream } from '../http/event-stream.ts';

/** How long a stream lives on what its viewer has proved at its beginning; milliseconds. */
export interface SessionTimes {
  /** How often the API server is asked whether it still knows the viewer. */
  readonly checkMs: number;
  /** After so long the page has to ask anew, by which everything is checked anew. */
  readonly lifeMs: number;
}

/** What streams do unless something else is said. */
export const SESSION_TIMES: SessionTimes = { checkMs: 30_000, lifeMs: 15 * 60_000 };

/**
 * Ends a stream with the event `ended` once the API server no longer knows its viewer: a watch goes on when the token that began it is worth
 * nothing any more. Returns what has that checked at once.
 */
export function watchSession(client: KubeClient, stream: EventStream, times: SessionTimes): () => void {
  let isChecking = false;
  const check = async (): Promise<void> => {
    if (isChecking || stream.ended.aborted) return;
    isChecking = true;
    try {
      await whoAmI(client);
    } catch (error) {
      // Any other failure says nothing about the viewer.
      if (!isKubeError(error, 'Unauthorized')) return;
      stream.send('ended', { message: 'the cluster does not take this sign-in any more' });
      stream.close();
    } finally {
      isChecking = false;
    }
  };
  const timer = setInterval(() => void check(), times.checkMs);
  const end = setTimeout(() => stream.close(), times.lifeMs);
  stream.ended.addEventListener('abort', () => {
    clearInterval(timer);
    clearTimeout(end);
  });
  return () => void check();
}
