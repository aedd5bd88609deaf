import type { ConnectionOptions } from '../options.ts';
import { retryAfterMs } from './retry.ts';
import { createTransport } from './transport.ts';

/** What became of a request: its HTTP status, and how long the receiver asks to wait before the next. */
export interface PostResult {
  status: number;
  retryAfterMs: number | undefined;
}

/**
 * Posts a body under the same policy as everything else here, once: a redirect is returned and not followed, no credentials are added, and
 * nothing of the answer's body is kept. Throws RegistryError, or the reason of `options.signal`.
 */
export async function postOnce(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: string },
  options: ConnectionOptions,
): Promise<PostResult> {
  const transport = createTransport(url, options);
  try {
    const response = await transport.send({ method: 'POST', url, headers, body });
    return { status: response.status, retryAfterMs: retryAfterMs(response.header('retry-after')) };
  } finally {
    await transport.close();
  }
}
