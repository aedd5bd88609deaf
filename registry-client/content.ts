import { PUBLIC_SCOPE } from './cache.ts';
import type { Digest } from './digest.ts';
import type { Session } from './http/session.ts';
import type { PullOptions } from './options.ts';

const DEFAULT_SCOPE = 'default';

/** Returns the content with that digest if it is cached for this call's scope. */
export async function readCached(
  { cache, cacheScope = DEFAULT_SCOPE }: PullOptions,
  digest: Digest,
): Promise<Buffer | undefined> {
  return cache?.read(cacheScope, digest);
}

/** Returns the content with that digest from the cache, else from `fetch`, and then keeps it in the scope that it belongs to. */
export async function readThrough(
  options: PullOptions,
  digest: Digest,
  fetch: () => Promise<{ bytes: Buffer; session: Session }>,
): Promise<Buffer> {
  const cached = await readCached(options, digest);
  if (cached !== undefined) return cached;
  const { bytes, session } = await fetch();
  const { cache, cacheScope = DEFAULT_SCOPE } = options;
  await cache?.write(session.authenticator.usedCredentials() ? cacheScope : PUBLIC_SCOPE, digest, bytes);
  return bytes;
}
