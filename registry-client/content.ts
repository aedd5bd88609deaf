import { PUBLIC_SCOPE } from './cache.ts';
import type { Digest } from './digest.ts';
import type { Session } from './http/session.ts';
import type { PullOptions } from './options.ts';

const DEFAULT_SCOPE = 'default';

/** Returns the content with that digest from the cache, else from `fetch`, and then keeps it in the scope that it belongs to. */
export async function readThrough(
  { cache, cacheScope = DEFAULT_SCOPE }: PullOptions,
  digest: Digest,
  fetch: () => Promise<{ bytes: Buffer; session: Session }>,
): Promise<Buffer> {
  const cached = await cache?.read(cacheScope, digest);
  if (cached !== undefined) return cached;
  const { bytes, session } = await fetch();
  await cache?.write(session.authenticator.usedCredentials() ? cacheScope : PUBLIC_SCOPE, digest, bytes);
  return bytes;
}
