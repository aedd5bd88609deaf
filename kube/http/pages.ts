import { apiVersionOf, collectionPath, type ApiResource } from '../api-resource.ts';
import { isKubeError, KubeError } from '../errors.ts';
import { acceptOf, attemptOn } from './exchanges.ts';
import type { Content } from './options.ts';
import type { Exchange } from './transport.ts';

/** A page is read in one go: where objects are large, it has fewer of them, down to one. */
const PAGE = { items: 500, bytes: 4 * 1024 * 1024, fewer: 8 };

/** Which part of a collection is meant. */
export interface PageRequest {
  resource: ApiResource;
  namespace: string | undefined;
  /** Default `whole`. */
  content?: Content | undefined;
  query: Record<string, string | undefined>;
}

/** A part of a collection; without `next` it is the last one. */
export interface Page<T> {
  items: T[];
  resourceVersion: string;
  next: string | undefined;
  /** The size of the answer. */
  bytes: number;
}

/** The JSON of an answer, and the length of its text. */
export interface JsonAnswer {
  value: unknown;
  bytes: number;
}

/** Reads the next items of a collection, as many as 4 MiB hold and no more than 500. Throws as `read` does. */
async function readPage<T>(
  read: (exchange: Exchange) => Promise<JsonAnswer>,
  request: PageRequest,
  items = PAGE.items,
): Promise<Page<T>> {
  const { resource, namespace, content = 'whole', query } = request;
  const attempt = attemptOn('list', resource, namespace);
  const headers = acceptOf(content, 'PartialObjectMetadataList');
  const exchange: Exchange = { attempt, method: 'GET', path: collectionPath(resource, namespace), headers };
  const maxBytes = items === 1 ? undefined : PAGE.bytes;
  try {
    const { value, bytes } = await read({ ...exchange, query: { ...query, limit: String(items) }, maxBytes });
    const list = value as {
      apiVersion: string;
      items?: T[] | null;
      metadata: { resourceVersion: string; continue?: string };
    };
    // The API server leaves these out of the items, since the list as a whole has them.
    const apiVersion = content === 'whole' ? list.apiVersion : apiVersionOf(resource);
    return {
      items: (list.items ?? []).map((item) => ({ ...item, apiVersion, kind: resource.kind })),
      resourceVersion: list.metadata.resourceVersion,
      next: list.metadata.continue || undefined,
      bytes,
    };
  } catch (error) {
    if (!isKubeError(error, 'TooLarge') || items === 1) throw error;
    return readPage(read, request, Math.ceil(items / PAGE.fewer));
  }
}

/** The pages of a collection, as of the moment of the first, each once it is asked for. Throws as `read` does, and Gone where that moment has expired. */
export async function* pagesOf<T>(
  read: (exchange: Exchange) => Promise<JsonAnswer>,
  request: PageRequest,
): AsyncGenerator<Page<T>, void> {
  let next: string | undefined;
  do {
    const page = await readPage<T>(read, { ...request, query: { ...request.query, continue: next } });
    yield page;
    ({ next } = page);
  } while (next !== undefined);
}

/**
 * Reads a collection page by page, again from its beginning where that moment has expired. Throws as `read` does, and TooLarge once it is
 * clear that the collection takes more than `maxBytes`.
 */
export async function readCollection<T>(
  read: (exchange: Exchange) => Promise<JsonAnswer>,
  request: PageRequest,
  maxBytes: number,
): Promise<Omit<Page<T>, 'next'>> {
  let next: string | undefined;
  let bytes = 0;
  const items: T[] = [];
  for (;;) {
    try {
      const page = await readPage<T>(read, { ...request, query: { ...request.query, continue: next } });
      bytes += page.bytes;
      if (bytes > maxBytes) throw listTooLarge(request, maxBytes);
      items.push(...page.items);
      if (page.next === undefined) return { items, resourceVersion: page.resourceVersion, bytes };
      next = page.next;
    } catch (error) {
      if (!isKubeError(error, 'Gone') || next === undefined) throw error;
      items.length = 0;
      bytes = 0;
      next = undefined;
    }
  }
}

function listTooLarge({ resource, namespace }: PageRequest, maxBytes: number): KubeError {
  const attempt = attemptOn('list', resource, namespace);
  return new KubeError('TooLarge', `the list is larger than ${maxBytes} bytes`, { attempt });
}
