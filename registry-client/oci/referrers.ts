import type { Digest } from '../digest.ts';
import { readBody } from '../http/body.ts';
import { withRetries } from '../http/retry.ts';
import { statusFailure } from '../http/status.ts';
import { INDEX_TYPE, parseReferrers } from './manifest.ts';
import type { Referrer } from './manifest.ts';
import { nextPage, readPages, type Page } from './pages.ts';
import { digestOfTag, readManifest, urlOf } from './repository.ts';
import type { Repository } from './repository.ts';

/** How registries that do not know the referrers API answer it. */
const UNKNOWN_END_POINT = new Set([400, 404, 405, 406]);

/**
 * Lists what refers to a manifest: by the referrers API, or by the tag that stands in for it where the registry does not have the
 * API (OCI distribution specification, "Listing Referrers"). Pages are followed on the registry's own origin only.
 */
export async function listReferrers(repository: Repository, digest: Digest): Promise<Referrer[]> {
  const list = urlOf(repository, `referrers/${digest}`);
  const found = await readPages(repository.session, list, async (url) => readPage(repository, url));
  return found ?? listByTag(repository, digest);
}

async function readPage({ session }: Repository, url: URL): Promise<Page<Referrer> | undefined> {
  return withRetries(session.retries, session.signal, async () => {
    const response = await session.send({ method: 'GET', url, headers: { accept: INDEX_TYPE } });
    const isIndex = response.status === 200 && response.header('content-type')?.startsWith(INDEX_TYPE) === true;
    if (response.status === 200 ? !isIndex : UNKNOWN_END_POINT.has(response.status)) {
      response.drop();
      return undefined;
    }
    if (!isIndex) throw await statusFailure(session, response);
    const next = nextPage(session, response);
    const body = await readBody(response, session.limits.listPageBytes);
    return { items: parseReferrers(body), bytes: body.length, next };
  });
}

async function listByTag(repository: Repository, digest: Digest): Promise<Referrer[]> {
  const list = await digestOfTag(repository, digest.replace(':', '-'));
  return list === undefined ? [] : parseReferrers(await readManifest(repository, list));
}
