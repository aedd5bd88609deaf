import { RegistryError } from '../errors.ts';
import { parseJsonObject } from '../json-object.ts';
import { readBody } from '../http/body.ts';
import { shown } from '../http/failures.ts';
import { withRetries } from '../http/retry.ts';
import type { Session } from '../http/session.ts';
import { statusFailure } from '../http/status.ts';
import type { HttpResponse } from '../http/transport.ts';

interface Page {
  texts: string[];
  next: URL | undefined;
}

const PAGE_SIZE = 1000;

/**
 * Returns the texts that a list of a registry has under `field`, all of its pages, each text once; undefined where there is no such
 * list. Pages are followed on the registry's own origin only.
 */
export async function listPages(session: Session, list: URL, field: string): Promise<string[] | undefined> {
  const { tagPages } = session.limits;
  const texts = new Set<string>();
  let url: URL | undefined = new URL(`?n=${PAGE_SIZE}`, list);
  for (let page = 0; url !== undefined; page++) {
    if (page === tagPages) {
      throw new RegistryError({ code: 'TooLarge', reason: `${shown(url)} has more than ${tagPages} pages` });
    }
    const found: Page | undefined = await withRetries(session.retries, session.signal, pageReader(session, url, field));
    if (found === undefined) return undefined;
    for (const text of found.texts) texts.add(text);
    url = found.next;
  }
  return [...texts];
}

function pageReader(session: Session, url: URL, field: string): () => Promise<Page | undefined> {
  return async () => {
    const response = await session.send({ method: 'GET', url });
    if (response.status === 404) {
      response.drop();
      return undefined;
    }
    if (response.status !== 200) throw await statusFailure(session, response);
    const next = nextPage(session, response);
    const body = await readBody(response, session.limits.tagPageBytes);
    const found = parseJsonObject(body, 'InvalidResponse', `the list ${shown(url)}`)[field];
    const list: unknown[] = Array.isArray(found) ? found : [];
    return { texts: list.filter((text) => typeof text === 'string'), next };
  };
}

/** Reads `Link: <…>; rel="next"` (RFC 8288); throws `InvalidResponse` where it leads to another origin. */
export function nextPage(session: Session, response: HttpResponse): URL | undefined {
  const target = /<([^<>]*)>\s*;\s*rel="?next"?/i.exec(response.header('link') ?? '')?.[1];
  if (target === undefined) return undefined;
  const next = URL.canParse(target, response.url.href) ? new URL(target, response.url) : undefined;
  if (next?.origin === session.home.origin) return next;
  throw new RegistryError({
    code: 'InvalidResponse',
    reason: `the list ${shown(response.url)} continues at another host, which is not followed`,
  });
}
