import type { Digest } from '../digest.ts';
import { RegistryError } from '../errors.ts';
import { readBody } from '../http/body.ts';
import { shown } from '../http/failures.ts';
import { withRetries } from '../http/retry.ts';
import { statusFailure } from '../http/status.ts';
import { INDEX_TYPE, parseReferrers } from './manifest.ts';
import type { Referrer } from './manifest.ts';
import { nextPage } from './pages.ts';
import { digestOfTag, readManifest, urlOf } from './repository.ts';
import type { Repository } from './repository.ts';

interface Page {
  referrers: Referrer[];
  next: URL | undefined;
}

/** How registries that do not know the referrers API answer it. */
const UNKNOWN_END_POINT = new Set([400, 404, 405, 406]);

/**
 * Lists what refers to a manifest: by the referrers API, or by the tag that stands in for it where the registry does not have the
 * API (OCI distribution specification, "Listing Referrers"). Pages are followed on the registry's own origin only.
 */
export async function listReferrers(repository: Repository, digest: Digest): Promise<Referrer[]> {
  const { session } = repository;
  const found: Referrer[] = [];
  let url: URL | undefined = urlOf(repository, `referrers/${digest}`);
  for (let page = 0; url !== undefined; page++) {
    if (page === session.limits.tagPages) {
      throw new RegistryError({ code: 'TooLarge', reason: `${shown(url)} has more than ${page} pages` });
    }
    const read: Page | undefined = await readPage(repository, url);
    if (read === undefined) return listByTag(repository, digest);
    found.push(...read.referrers);
    url = read.next;
  }
  return found;
}

async function readPage({ session }: Repository, url: URL): Promise<Page | undefined> {
  return withRetries(session.retries, session.signal, async () => {
    const response = await session.send({ method: 'GET', url, headers: { accept: INDEX_TYPE } });
    const isIndex = response.status === 200 && response.header('content-type')?.startsWith(INDEX_TYPE) === true;
    if (response.status === 200 ? !isIndex : UNKNOWN_END_POINT.has(response.status)) {
      response.drop();
      return undefined;
    }
    if (!isIndex) throw await statusFailure(session, response);
    const next = nextPage(session, response);
    return { referrers: parseReferrers(await readBody(response, session.limits.manifestBytes)), next };
  });
}

async function listByTag(repository: Repository, digest: Digest): Promise<Referrer[]> {
  const list = await digestOfTag(repository, digest.replace(':', '-'));
  return list === undefined ? [] : parseReferrers(await readManifest(repository, list));
}
