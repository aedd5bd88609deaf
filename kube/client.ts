import { packedJsonInSteps, type KubeObject } from '../resources/index.ts';
import type { ApiResource } from './api-resource.ts';
import { collectionPath, objectPath, scopedPath } from './api-resource.ts';
import { KubeError, isKubeError } from './errors.ts';
import {
  acceptOf,
  deleteOptionsOf,
  attemptOn,
  identityOf,
  withKind,
  parsedBody,
  rawExchange,
  write,
} from './http/exchanges.ts';
import type {
  ApplyOptions,
  Content,
  Identity,
  JsonPatchOperation,
  RawOptions,
  RemoveOptions,
  Selection,
  StreamOptions,
  InTurns,
  WriteOptions,
} from './http/options.ts';
import { FOR_EVER, textPieces } from './http/text-pieces.ts';
import { pagesOf, readCollection, type JsonAnswer } from './http/pages.ts';
import type { Repeatability } from './http/retry.ts';
import { withRetries } from './http/retry.ts';
import { errorFromResponse } from './http/status.ts';
import type { ApiResponse, Exchange, Transport } from './http/transport.ts';
import type { WatchEvent } from './http/watch.ts';
import { watchEvents } from './http/watch.ts';

/**
 * The API server as one user sees it. Every method throws KubeError and nothing else; what may safely be repeated is
 * repeated inside for some seconds (see withRetries).
 */
export class KubeClient {
  readonly #transport: Transport;
  readonly #identity: Identity;

  constructor(transport: Transport, identity: Identity) {
    this.#transport = transport;
    this.#identity = identity;
  }

  /** The impersonated user, if any. */
  get user(): string | undefined {
    return this.#identity.impersonated?.user;
  }

  /** Does a step that may take long, once it is its turn. */
  get inTurns(): InTurns {
    return this.#identity.inTurns;
  }

  /** The namespace of the kubeconfig's context or of the pod, if any. */
  get namespace(): string | undefined {
    return this.#identity.namespace;
  }

  /** The same connections, each request made as `user`, and as a member of these groups, by impersonation. */
  as(user: string, groups: readonly string[] = []): KubeClient {
    return new KubeClient(this.#transport, { ...this.#identity, impersonated: { user, groups } });
  }

  /** The same connections, each request with this token and no other credentials. Throws KubeError Unauthorized for what is no token. */
  asBearer(token: string): KubeClient {
    if (!/^[\w.~+/-]+=*$/.test(token)) throw new KubeError('Unauthorized', 'this is not a token', { status: 401 });
    return new KubeClient(this.#transport, { ...this.#identity, bearer: token });
  }

  /**
   * The same connections; each write throws KubeError Fenced with `why`, unsent, while `mayWrite`, or that of an earlier fence, says no.
   */
  fencedBy(mayWrite: () => boolean, why: string): KubeClient {
    const before = this.#identity.obstacle;
    const obstacle = (): string | undefined => before?.() ?? (mayWrite() ? undefined : why);
    return new KubeClient(this.#transport, { ...this.#identity, obstacle });
  }

  /** The object as the server has it now (a consistent read). */
  async get<T extends KubeObject>(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
    { timeoutMs }: { timeoutMs?: number } = {},
  ): Promise<T> {
    const attempt = attemptOn('get', resource, namespace, name);
    const path = objectPath(resource, namespace, name);
    return this.#json<T>('idempotent', { attempt, method: 'GET', path, timeoutMs });
  }

  /** All objects of a namespace, or of all namespaces; read in pages of one moment, anew where that has expired. */
  async list<T extends KubeObject>(resource: ApiResource, namespace?: string, selection?: Selection): Promise<T[]> {
    return (await this.listAt<T>(resource, namespace, selection)).items;
  }

  /** As list, with where a watch can go on and the size of all answers; throws TooLarge if that would be more than `maxBytes`. */
  async listAt<T extends KubeObject>(
    resource: ApiResource,
    namespace?: string,
    selection: Selection = {},
    { content, maxBytes = Infinity }: { content?: Content; maxBytes?: number } = {},
  ): Promise<{ items: T[]; resourceVersion: string; bytes: number }> {
    const read = (exchange: Exchange): Promise<JsonAnswer> => this.#read('idempotent', exchange);
    return readCollection<T>(read, { resource, namespace, content, query: { ...selection } }, maxBytes);
  }

  /** A collection by pages of one moment, so that nobody has to hold it whole; throws Gone where that moment has expired. */
  pages<T extends KubeObject>(resource: ApiResource, namespace?: string): AsyncGenerator<{ items: T[] }, void> {
    return pagesOf<T>((exchange) => this.#read('idempotent', exchange), { resource, namespace, query: {} });
  }

  /** Creates the object; not repeated after a lost answer, so that AlreadyExists never means the object that it created itself. */
  async create<T extends KubeObject>(resource: ApiResource, object: T, options: WriteOptions = {}): Promise<T> {
    const { name, namespace } = object.metadata;
    const attempt = attemptOn('create', resource, namespace, name);
    const path = scopedPath(resource, namespace);
    return this.#json<T>('once', write(attempt, 'POST', path, 'application/json', object, options));
  }

  /** Server-side apply: creates the object or sets the given fields, and returns the whole object. */
  async apply<T extends KubeObject>(resource: ApiResource, object: T, options: ApplyOptions): Promise<T> {
    const { name, namespace } = object.metadata;
    const attempt = attemptOn('apply', resource, namespace, name);
    const path = objectPath(resource, namespace, name, options.subresource);
    const exchange = write(attempt, 'PATCH', path, 'application/apply-patch+yaml', object, options);
    return this.#json<T>('idempotent', { ...exchange, query: { ...exchange.query, force: String(options.force) } });
  }

  /** A JSON patch; with `test` operations it is atomic, throwing Invalid where one does not hold. */
  async patchJson<T extends KubeObject>(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
    operations: readonly JsonPatchOperation[],
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#patch<T>('application/json-patch+json', resource, namespace, name, operations, options);
  }

  /** A JSON merge patch; with `metadata.resourceVersion` in it, Conflict where the object has changed since. */
  async patchMerge<T extends KubeObject>(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
    patch: object,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#patch<T>('application/merge-patch+json', resource, namespace, name, patch, options);
  }

  /** Replaces the object; Conflict where it has changed since its resourceVersion. */
  async replace<T extends KubeObject>(resource: ApiResource, object: T, options: WriteOptions = {}): Promise<T> {
    const { name, namespace } = object.metadata;
    const attempt = attemptOn('update', resource, namespace, name);
    const path = objectPath(resource, namespace, name, options.subresource);
    return this.#json<T>('once', write(attempt, 'PUT', path, 'application/json', object, options));
  }

  /**
   * Deletes the object. Returns it as it is now where finalizers keep it, else its identity; undefined where it, or the
   * one with `uid`, was gone already.
   */
  async remove(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
    options: RemoveOptions = {},
  ): Promise<KubeObject | undefined> {
    const { uid } = options;
    const deleteOptions = deleteOptionsOf(options);
    const attempt = attemptOn('delete', resource, namespace, name);
    const path = objectPath(resource, namespace, name);
    try {
      const exchange = write(attempt, 'DELETE', path, 'application/json', deleteOptions, options);
      const answer = await this.#json<KubeObject>('idempotent', exchange);
      return answer.kind === 'Status' ? identityOf(resource, namespace, name, answer) : answer;
    } catch (error) {
      if (isKubeError(error, 'NotFound')) return undefined;
      const mayBeAnother = isKubeError(error, 'Conflict') && uid !== undefined;
      if (mayBeAnother && !(await this.#isThere(resource, namespace, name, uid))) return undefined;
      throw error;
    }
  }

  /** Deletes the objects of a namespace that a selector finds. */
  async removeAll(
    resource: ApiResource,
    namespace: string,
    labelSelector: string,
    options: Omit<RemoveOptions, 'uid'> = {},
  ): Promise<void> {
    const attempt = attemptOn('deletecollection', resource, namespace);
    const path = collectionPath(resource, namespace);
    const exchange = write(attempt, 'DELETE', path, 'application/json', deleteOptionsOf(options), options);
    await this.#json('idempotent', { ...exchange, query: { ...exchange.query, labelSelector } });
  }

  /** Whether the object with this uid exists: a conflict may mean another object, or that it was written at the same moment. */
  async #isThere(resource: ApiResource, namespace: string | undefined, name: string, uid: string): Promise<boolean> {
    try {
      return (await this.get(resource, namespace, name)).metadata.uid === uid;
    } catch (error) {
      return !isKubeError(error, 'NotFound');
    }
  }

  /** Any request to a path of the API; returns the parsed JSON, or the text where the answer is something else. */
  async raw(method: Exchange['method'], path: string, options: RawOptions = {}): Promise<unknown> {
    const exchange = rawExchange(method, path, options);
    const answer = await this.#send(method === 'GET' ? 'idempotent' : 'once', exchange);
    return answer.contentType.includes('json') ? this.inTurns(parsedBody(answer, exchange.attempt)) : answer.body;
  }

  /**
   * The events of one watch, from the moment the server accepted it to the moment it ends it; throws as watchEvents does, and TimedOut
   * once nothing has come for `silenceMs`. With the content `metadata`, the objects have nothing else, but still their own kind.
   */
  async watch(
    resource: ApiResource,
    namespace: string | undefined,
    query: Record<string, string | undefined>,
    { signal, silenceMs, content = 'whole' }: { signal: AbortSignal; silenceMs: number; content?: Content },
  ): Promise<AsyncGenerator<WatchEvent, void>> {
    const attempt = attemptOn('watch', resource, namespace);
    const path = collectionPath(resource, namespace);
    const headers = acceptOf(content, 'PartialObjectMetadata');
    const exchange: Exchange = { attempt, method: 'GET', path, query: { ...query, watch: 'true' }, headers };
    const events = watchEvents(await this.#open(exchange, signal, silenceMs), attempt, this.inTurns);
    return content === 'whole' ? events : withKind(events, resource);
  }

  /**
   * A text that the server writes bit by bit, such as a pod's log: in pieces as they come, from the moment the server answered until it
   * ends the answer or `signal` aborts it. Throws where it is refused, where it is aborted before that moment, and where it breaks off.
   */
  async stream(path: string, { query, signal }: StreamOptions): Promise<AsyncGenerator<string, void>> {
    const exchange = rawExchange('GET', path, { query, accept: '*/*' });
    return textPieces(await this.#open(exchange, signal, FOR_EVER), exchange.attempt, signal);
  }

  /** Ends all requests and watches of all clients that share these connections, so that the process can exit. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #open(exchange: Exchange, signal: AbortSignal, silenceMs: number): Promise<AsyncIterable<Uint8Array>> {
    const answer = await this.#transport.open(this.#identified(exchange), signal, silenceMs);
    if (!('status' in answer)) return answer.body as AsyncIterable<Uint8Array>;
    throw errorFromResponse(exchange.attempt, answer.status, answer.body, answer.retryAfter);
  }

  async #patch<T>(
    contentType: string,
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options: WriteOptions,
  ): Promise<T> {
    const attempt = attemptOn('patch', resource, namespace, name);
    const path = objectPath(resource, namespace, name, options.subresource);
    return this.#json<T>('once', write(attempt, 'PATCH', path, contentType, patch, options));
  }

  #identified(exchange: Exchange): Exchange {
    const { impersonated, bearer } = this.#identity;
    return { ...exchange, impersonate: impersonated, bearer };
  }

  async #json<T>(repeatability: Repeatability, exchange: Exchange): Promise<T> {
    return (await this.#read(repeatability, exchange)).value as T;
  }

  async #read(repeatability: Repeatability, exchange: Exchange): Promise<JsonAnswer> {
    const answer = await this.#send(repeatability, exchange);
    const { attempt } = exchange;
    return { value: await this.inTurns(parsedBody(answer, attempt)), bytes: answer.body.length };
  }

  async #send(repeatability: Repeatability, exchange: Exchange): Promise<ApiResponse> {
    const { attempt, method, json } = exchange;
    const { unreachable, inTurns } = this.#identity;
    const body = json === undefined ? exchange.body : await inTurns(packedJsonInSteps(json));
    return withRetries({ repeatability, unreachable }, async () => {
      const obstacle = method === 'GET' ? undefined : this.#identity.obstacle?.();
      if (obstacle !== undefined) throw new KubeError('Fenced', `not sent: ${obstacle}`, { attempt });
      const answer = await this.#transport.send(this.#identified({ ...exchange, body }));
      if (answer.status < 300) return answer;
      throw errorFromResponse(attempt, answer.status, answer.body, answer.retryAfter);
    });
  }
}
