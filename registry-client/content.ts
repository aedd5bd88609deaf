import { PUBLIC_SCOPE } from './cache.ts';
import { StagingFailed } from './cached-file.ts';
import type { Digest } from './digest.ts';
import type { Session } from './http/session.ts';
import type { CacheUse, PullOptions } from './options.ts';
import { memorySink } from './sink.ts';
import type { Content, Sink } from './sink.ts';

const DEFAULT_SCOPE = 'default';

/** Returns the content with that digest if it is cached for this call's scope. */
async function readCached(
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
  await options.cache?.write(scopeOf(options, session), digest, bytes);
  return bytes;
}

/** Downloads into a sink and returns the digest of what it wrote, which it has verified, and where it came from. */
export type Download = (sink: Sink) => Promise<{ digest: Digest; session: Session }>;

/** Returns the content with that digest if it is cached for this call's scope, without holding it in memory. */
export async function openCached(
  { cache, cacheScope = DEFAULT_SCOPE }: PullOptions,
  digest: Digest,
): Promise<Content | undefined> {
  return cache?.open(cacheScope, digest);
}

/** Downloads content of at most `size` bytes into the cache, or into memory where it cannot be cached. */
export async function downloaded(
  options: PullOptions,
  size: { max: number; exact?: number },
  download: Download,
): Promise<{ content: Content; digest: Digest }> {
  const cached = await downloadedToCache(options, size.exact ?? size.max, download);
  if (cached !== undefined) return cached;
  const sink = memorySink(size.exact);
  const { digest } = await download(sink);
  return { content: sink.content(), digest };
}

async function downloadedToCache(
  options: PullOptions,
  size: number,
  download: Download,
): Promise<{ content: Content; digest: Digest } | undefined> {
  const { cache } = options;
  const staged = await cache?.stage(size);
  if (cache === undefined || staged === undefined) return undefined;
  try {
    const { digest, session } = await download(staged);
    const content = await cache.keep(scopeOf(options, session), digest, staged);
    return content && { content, digest };
  } catch (error) {
    if (error instanceof StagingFailed) return undefined;
    throw error;
  } finally {
    await staged.end();
  }
}

/** Returns the signature that is cached for this call's scope with the content that it signs; it has to be verified again. */
export async function readSignature(options: PullOptions, digest: Digest): Promise<Buffer | undefined> {
  const { cache, cacheScope = DEFAULT_SCOPE, verify } = options;
  return verify && cache?.readSignature(cacheScope, digest, verify.provider);
}

/** Keeps a signature that was verified beside the content that it signs. */
export async function keepSignature(
  options: PullOptions,
  digest: Digest,
  session: Session,
  signature: Uint8Array,
): Promise<void> {
  const { cache, verify } = options;
  if (verify) await cache?.writeSignature(scopeOf(options, session), digest, verify.provider, signature);
}

/**
 * Returns a document that `fetch` gets: only if it is no longer the one in the cache, which `fetch` is told by its validator and
 * answers with undefined.
 */
export async function readValidated(
  options: CacheUse,
  url: URL,
  session: Session,
  fetch: (etag: string | undefined) => Promise<{ bytes: Buffer; etag: string | undefined } | undefined>,
): Promise<Buffer> {
  const { cache, cacheScope = DEFAULT_SCOPE } = options;
  const known = await cache?.readDocument(cacheScope, url.href);
  const found = await fetch(known?.etag);
  if (found === undefined) return known?.bytes ?? Buffer.alloc(0);
  const { bytes, etag } = found;
  if (etag !== undefined) await cache?.writeDocument(scopeOf(options, session), url.href, { etag, bytes });
  return bytes;
}

function scopeOf({ cacheScope = DEFAULT_SCOPE }: CacheUse, session: Session): string {
  return session.authenticator.usedCredentials() ? cacheScope : PUBLIC_SCOPE;
}
