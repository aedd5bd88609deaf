import { apiVersionOf, collectionPath, type ApiResource } from '../api-resource.ts';
import { isKubeError, KubeError } from '../errors.ts';
import { acceptOf, attemptOn, parsedBody } from './exchanges.ts';
import type { Content } from './options.ts';
import type { ApiResponse, Exchange } from './transport.ts';

/** A page is read at once: where its objects are large, it has fewer, down to one. */
const PAGE = { items: 500, bytes: 4 * 1024 * 1024, fewer: 8 };

/** Which part of a collection is meant. */
export interface PageRequest {
  resource: ApiResource;
  namespace: string | undefined;
  /** Default `whole`. */
  content: Content | undefined;
  query: Record<string, string | undefined>;
}

/** A part of a collection; without `next` it is the last one. */
export interface Page<T> {
  items: T[];
  resourceVersion: string;
  next: string | undefined;
  /** What the answer took. */
  bytes: number;
}

/** Reads the next items of a collection, as many as 4 MiB hold and no more than 500. Throws as `send` does. */
export async function readPage<T>(
  send: (exchange: Exchange) => Promise<ApiResponse>,
  request: PageRequest,
  items = PAGE.items,
): Promise<Page<T>> {
  const { resource, namespace, content = 'whole', query } = request;
  const attempt = attemptOn('list', resource, namespace);
  const headers = acceptOf(content, 'PartialObjectMetadataList');
  const exchange: Exchange = { attempt, method: 'GET', path: collectionPath(resource, namespace), headers };
  const maxBytes = items === 1 ? undefined : PAGE.bytes;
  try {
    const answer = await send({ ...exchange, query: { ...query, limit: String(items) }, maxBytes });
    const list = parsedBody(answer, attempt) as {
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
      bytes: answer.body.length,
    };
  } catch (error) {
    if (!isKubeError(error, 'TooLarge') || items === 1) throw error;
    return readPage(send, request, Math.ceil(items / PAGE.fewer));
  }
}

/** What is thrown where a whole collection would take more than may be read. */
export function listTooLarge(resource: ApiResource, namespace: string | undefined, maxBytes: number): KubeError {
  const attempt = attemptOn('list', resource, namespace);
  return new KubeError('TooLarge', `the list is larger than ${maxBytes} bytes`, { attempt });
}
