import { RegistryError } from '../errors.ts';
import { parseJsonObject } from '../json-object.ts';
import { readBody } from '../http/body.ts';
import { shown } from '../http/failures.ts';
import { withRetries } from '../http/retry.ts';
import type { Session } from '../http/session.ts';
import { statusFailure } from '../http/status.ts';
import type { HttpResponse } from '../http/transport.ts';

/** A page of a list. */
export interface Page<Item> {
  items: Item[];
  bytes: number;
  next: URL | undefined;
}

const PAGE_SIZE = 1000;

/**
 * Returns the texts that a list of a registry has under `field`, all of its pages, each text once; undefined where there is no such
 * list. Pages are followed on the registry's own origin only.
 */
export async function listPages(session: Session, list: URL, field: string): Promise<string[] | undefined> {
  const first = new URL(`?n=${PAGE_SIZE}`, list);
  return readPages(session, first, async (url) =>
    withRetries(session.retries, session.signal, pageReader(session, url, field)),
  );
}

/**
 * Returns the items of all pages of a list, each once, beginning at a URL; undefined where the first page is. Throws `TooLarge` as soon as
 * the pages together cross a limit: a registry can go on for ever.
 */
export async function readPages<Item>(
  { limits }: Session,
  first: URL,
  read: (url: URL) => Promise<Page<Item> | undefined>,
): Promise<Item[] | undefined> {
  const items = new Set<Item>();
  let bytes = 0;
  let url: URL | undefined = first;
  for (let pages = 0; url !== undefined; pages++) {
    if (pages === limits.listPages) throw tooLong(first, `${pages} pages`);
    const page: Page<Item> | undefined = await read(url);
    if (page === undefined) return undefined;
    bytes += page.bytes;
    if (bytes > limits.listBytes) throw tooLong(first, `${limits.listBytes} bytes`);
    for (const item of page.items) items.add(item);
    if (items.size > limits.listItems) throw tooLong(first, `${limits.listItems} items`);
    url = page.next;
  }
  return [...items];
}

function tooLong(list: URL, limit: string): RegistryError {
  return new RegistryError({ code: 'TooLarge', reason: `the list ${shown(list)} has more than ${limit}` });
}

function pageReader(session: Session, url: URL, field: string): () => Promise<Page<string> | undefined> {
  return async () => {
    const response = await session.send({ method: 'GET', url });
    if (response.status === 404) {
      response.drop();
      return undefined;
    }
    if (response.status !== 200) throw await statusFailure(session, response);
    const next = nextPage(session, response);
    const body = await readBody(response, session.limits.listPageBytes);
    const found = parseJsonObject(body, 'InvalidResponse', `the list ${shown(url)}`)[field];
    const list: unknown[] = Array.isArray(found) ? found : [];
    return { items: list.filter((text) => typeof text === 'string'), bytes: body.length, next };
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
