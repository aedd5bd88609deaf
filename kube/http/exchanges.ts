import { atOnce, parseJsonInSteps, type KubeObject } from '../../resources/index.ts';
import type { ApiResource } from '../api-resource.ts';
import { apiVersionOf, resourceName } from '../api-resource.ts';
import type { Attempt } from '../errors.ts';
import { KubeError } from '../errors.ts';
import type { Content, RawOptions, RemoveOptions, WriteOptions } from './options.ts';
import type { ApiResponse, Exchange } from './transport.ts';
import type { WatchEvent } from './watch.ts';

/** Asks the API server to leave out everything but the metadata, unless the whole is meant. */
export function acceptOf(content: Content, kind: string): Record<string, string> {
  return content === 'whole' ? {} : { accept: `application/json;as=${kind};g=meta.k8s.io;v=v1` };
}

/** The events with each object's own kind: objects of which only the metadata is sent all come with the same one. */
export async function* withKind(
  events: AsyncGenerator<WatchEvent, void>,
  resource: ApiResource,
): AsyncGenerator<WatchEvent, void> {
  const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  for await (const event of events) yield { ...event, object: { ...event.object, ...type } };
}

/** How steps are taken where nobody has to wait for them. */
export async function runAtOnce<T>(steps: Generator<undefined, T>): Promise<T> {
  return atOnce(steps);
}

/** What is tried, for the words of an error. */
export function attemptOn(verb: string, resource: ApiResource, namespace: string | undefined, name?: string): Attempt {
  return { verb, resource: resourceName(resource), namespace: resource.namespaced ? namespace : undefined, name };
}

/** The request of a write, with its options in the query. */
export function write(
  attempt: Attempt,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  contentType: string,
  body: unknown,
  { fieldManager, dryRun, timeoutMs, content = 'whole' }: WriteOptions,
): Exchange {
  const query = { fieldManager, dryRun: dryRun === true ? 'All' : undefined };
  const headers = { 'content-type': contentType, ...acceptOf(content, 'PartialObjectMetadata') };
  return { attempt, method, path, query, headers, json: body, timeoutMs };
}

/** The body of a deletion. The API server ignores the query of a deletion that has a body. */
export function deleteOptionsOf({ propagation, dryRun, uid, resourceVersion }: RemoveOptions): object {
  const preconditions =
    uid === undefined && resourceVersion === undefined ? {} : { preconditions: { uid, resourceVersion } };
  return { propagationPolicy: propagation, ...(dryRun === true ? { dryRun: ['All'] } : {}), ...preconditions };
}

/** Any request; a body that is not text is sent as JSON. */
export function rawExchange(
  method: Exchange['method'],
  path: string,
  { query, timeoutMs, body, contentType = 'application/json', accept }: RawOptions,
): Exchange {
  const attempt = { verb: method.toLowerCase(), resource: path };
  const headers = {
    ...(accept === undefined ? {} : { accept }),
    ...(body === undefined ? {} : { 'content-type': contentType }),
  };
  return {
    attempt,
    method,
    path,
    query,
    timeoutMs,
    headers,
    ...(typeof body === 'string' ? { body } : { json: body }),
  };
}

/** The JSON of an answer; throws KubeError Unknown where its body is not JSON. */
export function* parsedBody(answer: ApiResponse, attempt: Attempt): Generator<undefined, unknown> {
  try {
    return yield* parseJsonInSteps(answer.body);
  } catch {
    throw new KubeError('Unknown', `the response (${answer.contentType || 'no content type'}) is not JSON`, {
      attempt,
    });
  }
}

/** The identity of a deleted object, for where the server has removed it at once and answers with a mere Status. */
export function identityOf(
  resource: ApiResource,
  namespace: string | undefined,
  name: string,
  status: KubeObject,
): KubeObject {
  const { uid } = (status['details'] ?? {}) as { uid?: string };
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) },
  };
}
