import type { Attempt } from '../errors.ts';
import { noAnswerError } from './transport.ts';

/** How long an answer may be silent if it has good reason to be: a connection that died is found by its pings. */
export const FOR_EVER = 0;

/**
 * A body as text, each piece as it comes, no character cut in two; ends with the body, and where `signal` aborts it. Throws KubeError
 * Unavailable or TimedOut where it broke.
 */
export async function* textPieces(
  body: AsyncIterable<Uint8Array>,
  attempt: Attempt,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of body) {
      const text = decoder.decode(bytes, { stream: true });
      if (text !== '') yield text;
    }
  } catch (error) {
    if (!signal.aborted) throw noAnswerError(attempt, error);
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
